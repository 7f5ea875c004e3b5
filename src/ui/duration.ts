/** A time in words that is as exact as a person needs: "8 s", "1 min 20 s". */
export function duration(seconds: number): string {
  if (seconds < 1) return 'less than 1 s'
  if (seconds < 60) return `${Math.round(seconds)} s`
  const minutes = Math.floor(seconds / 60)
  const rest = Math.round((seconds % 60) / 10) * 10
  return rest === 0 || rest === 60 ? `${minutes + (rest === 60 ? 1 : 0)} min` : `${minutes} min ${rest} s`
}
