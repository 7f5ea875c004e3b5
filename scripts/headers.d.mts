export const ISOLATION: Record<string, string>
export const COMMON: Record<string, string>
export const CLOSED_POLICY: string
export function policyFor(path: string): string | null
export function headersFor(path: string): Record<string, string>
