/** A number of bytes in words, in powers of ten as disks are sold: "340 MB", "6.7 GB". */
export function bytes(count: number): string {
  if (count < 999.5e3) return `${Math.round(count / 1e3)} kB`
  if (count < 999.5e6) return `${Math.round(count / 1e6)} MB`
  return `${(count / 1e9).toFixed(count < 99.95e9 ? 1 : 0)} GB`
}
