import { Fragment, type VNode } from "preact";

interface SourcePathProps {
  readonly source: string;
}

/** The path of a document, which may break behind each of its folders rather than anywhere in a name. */
export function SourcePath({ source }: SourcePathProps): VNode {
  const parts = source.split(/(?<=[/_])(?=[^/_])/);
  return (
    <>
      {parts.map((part, index) => (
        <Fragment key={index}>
          {index > 0 && <wbr />}
          {part}
        </Fragment>
      ))}
    </>
  );
}

/** A path with other facts behind it; the dot between them stays at the end of its line. */
export function PathBefore({ source }: SourcePathProps): VNode {
  return (
    <>
      <SourcePath source={source} />
      &nbsp;·{" "}
    </>
  );
}
