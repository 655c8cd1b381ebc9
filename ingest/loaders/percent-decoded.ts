/** A name with its escapes (`%3A`) as the characters that they stand for; as it is where a percent sign escapes nothing. */
export function percentDecoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch (error) {
    if (error instanceof URIError) return name;
    throw error;
  }
}
