/** The titles of a document's articles as one text, for stores; null where there are none. */
export function formatArticles(articles: readonly string[] | undefined): string | null {
  return articles === undefined || articles.length === 0 ? null : JSON.stringify(articles);
}

/** Reads what {@link formatArticles} wrote. Undefined for anything else. */
export function parseArticles(text: unknown): readonly string[] | undefined {
  if (typeof text !== "string" || !text.startsWith("[")) return undefined;
  const titles: unknown = JSON.parse(text);
  return Array.isArray(titles) ? titles.filter((title) => typeof title === "string") : undefined;
}
