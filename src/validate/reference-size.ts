/** A network and what its reference counts, for docs/validation.md. */
export interface Reference {
  readonly model: string;
  readonly tokens?: number;
  /** Absent: the reference holds layers that no run uses, or is compared by its MACs alone. */
  readonly params?: number;
  readonly macs?: number;
  /** As its authors print it. */
  readonly published: string;
}
