/** "Listing 15-1 shows how to …", "Figure 3 illustrates …"; "Figure 3 shows that …" tells what it shows. */
const SHOWN =
  /^\W*(?:in )?(?:listings?|figures?|examples?|snippets?) [\dA-Z][\d.-]*,?\s(?:(?:we|you|it) )?(?:shows?|lists?|illustrates?|demonstrates?|contains?|presents?|depicts?|defines?|adds?|changes?)\b(?! that\b)/i;
/** "Here is an example of …:", "For example, consider the code in …", "Let's look at …". */
const ANNOUNCED =
  /^\W*(?:(?:for example|as an example|now|first|next|so|then),? )?(?:here(?:['’]s| is| are) (?:an?|another|some|the|one) [^.:]*\b(?:examples?|listings?|snippets?|samples?|declarations?)\b|consider (?:the|this|an?|listing|figure|example)\b|(?:let['’]s|let us) (?:look|see|take|consider|try|write|start|walk|explore|say|imagine)\b|imagine (?:that|we|you)\b|suppose (?:that|we|you)\b)/i;

/** "This article describes …", "The following sections explain …": what stands elsewhere. */
const TEXT_ABOUT =
  /^\W*(?:this|these|the (?:following|next|rest of (?:this|the))) (?:article|topic|page|section|chapter|guide|tutorial|document|appendix|lesson|overview)s? (?:also |briefly )?(?:describes?|explains?|shows?|provides?|covers?|lists?|contains?|discuss(?:es)?|introduces?|walks?|outlines?|presents?|tells?|gives?|is about|are about|will)\b/i;

/** Whether a sentence only announces an example, and so says nothing without it. */
export function announcesExample(sentence: string): boolean {
  return SHOWN.test(sentence) || ANNOUNCED.test(sentence);
}

/** Whether a sentence only tells what a text is about, and not what it says. */
export function announcesText(sentence: string): boolean {
  return TEXT_ABOUT.test(sentence);
}
