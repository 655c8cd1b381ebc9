import { Fragment, type VNode } from "preact";
import type { WordMatcher } from "../../domain/match-words.ts";

interface PassageTextProps {
  readonly text: string;
  /** Whose words are marked. */
  readonly matcher?: WordMatcher;
}

/** A stretch of prose, with what Markdown writes between backticks as code. */
export function ProseText({ text, matcher }: PassageTextProps): VNode {
  return (
    <>
      {text.split(/`([^`\n]+)`/).map((part, index) => {
        const words = <PassageText text={part} {...(matcher && { matcher })} />;
        return index % 2 === 1 ? <code key={index}>{words}</code> : <Fragment key={index}>{words}</Fragment>;
      })}
    </>
  );
}

/** A stretch of a passage with the words of a query marked. */
export function PassageText({ text, matcher }: PassageTextProps): VNode {
  if (matcher === undefined) return <>{text}</>;
  const pieces = matcher.split(text);
  return <>{pieces.map((piece, index) => (piece.isMatch ? <b key={index}>{piece.text}</b> : piece.text))}</>;
}
