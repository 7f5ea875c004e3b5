import { say } from '@/words/say'

/** A time in words that is as exact as a person needs: "8 s", "1 min 20 s". */
export function duration(seconds: number): string {
  if (seconds < 1) return say('less than 1 s')
  if (seconds < 60) return say('{seconds} s', { seconds: Math.round(seconds) })
  if (seconds >= 172_800) return say('{days} days', { days: Math.round(seconds / 86_400) })
  if (seconds >= 36_000) return say('{hours} h', { hours: Math.round(seconds / 3600) })
  if (seconds >= 5400) {
    const hours = Math.floor(Math.round(seconds / 60) / 60)
    const left = Math.round(seconds / 60) % 60
    return left === 0 ? say('{hours} h', { hours }) : say('{hours} h {minutes} min', { hours, minutes: left })
  }
  const minutes = Math.floor(seconds / 60)
  const rest = Math.round((seconds % 60) / 10) * 10
  return rest === 0 || rest === 60
    ? say('{minutes} min', { minutes: minutes + (rest === 60 ? 1 : 0) })
    : say('{minutes} min {seconds} s', { minutes, seconds: rest })
}
