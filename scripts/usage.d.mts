export class UsageError extends Error {
  hint: string
}
