/** Every verb has these. */
export interface VerbOptions {
  /** Where sessions are; it need not exist yet. As it was typed: relative to the working folder. */
  readonly dataDir: string;
  /** The user's own settings, laid over those of the profile. */
  readonly config: string | undefined;
  /** One JSON value on stdout instead of text for people. */
  readonly isJson: boolean;
}
