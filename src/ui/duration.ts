/** A time in words that is as exact as a person needs: "8 s", "1 min 20 s". */
export function duration(seconds: number): string {
  if (seconds < 1) return 'less than 1 s'
  if (seconds < 60) return `${Math.round(seconds)} s`
  if (seconds >= 172_800) return `${Math.round(seconds / 86_400)} days`
  if (seconds >= 36_000) return `${Math.round(seconds / 3600)} h`
  if (seconds >= 5400) {
    const hours = Math.floor(Math.round(seconds / 60) / 60)
    const left = Math.round(seconds / 60) % 60
    return left === 0 ? `${hours} h` : `${hours} h ${left} min`
  }
  const minutes = Math.floor(seconds / 60)
  const rest = Math.round((seconds % 60) / 10) * 10
  return rest === 0 || rest === 60 ? `${minutes + (rest === 60 ? 1 : 0)} min` : `${minutes} min ${rest} s`
}
