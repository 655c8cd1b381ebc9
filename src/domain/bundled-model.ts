/** The embedding model whose files come with the package, in a folder of this name under `models/`. */
export const BUNDLED_MODEL = "all-MiniLM-L6-v2";
