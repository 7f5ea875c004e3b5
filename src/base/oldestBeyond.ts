interface Kept {
  id: string
  bytes: number
  starred: boolean
}

/**
 * Which results a limit leaves no room for, the oldest first. Those with a star neither go nor count, and the newest stays.
 * @param results newest first
 * @param limit bytes of those without a star
 */
export function oldestBeyond<T extends Kept>(results: readonly T[], limit: number): T[] {
  const plain = results.slice(1).filter(({ starred }) => !starred)
  let left = plain.reduce((sum, { bytes }) => sum + bytes, results[0]?.starred ? 0 : (results[0]?.bytes ?? 0))
  const going: T[] = []
  for (const one of plain.reverse()) {
    if (left <= limit) break
    left -= one.bytes
    going.push(one)
  }
  return going
}
