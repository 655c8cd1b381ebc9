const SLIDE_LANGUAGES: ReadonlySet<string> = new Set(["pptx", "odp"]);

/** Whether each page of a document of this language stands for itself, as a slide does. */
export function hasSlides(language: string): boolean {
  return SLIDE_LANGUAGES.has(language);
}
