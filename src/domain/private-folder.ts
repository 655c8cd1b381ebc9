/**
 * The mode of folders that hold people's texts and questions: for their owner alone, since the files in them have the
 * modes that SQLite and others give. It holds for folders that are made; those that are there stay as they are.
 */
export const PRIVATE_FOLDER = 0o700;
