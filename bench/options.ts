/** What every bench is given. */
export interface BenchOptions {
  /** Benches asked for by name; empty means all. */
  names: string[]
  runtimeUrl: string
  log(line: string): void
}
