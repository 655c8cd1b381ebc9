import { Fragment, type VNode } from "preact";

/** The path of a document, which may break behind each of its folders rather than anywhere in a name. */
export function SourcePath({ source }: { readonly source: string }): VNode {
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
