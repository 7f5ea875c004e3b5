import { say } from '@/words/say'

/** "1 speck", "12 specks" */
export const specks = (count: number): string => say(count === 1 ? '1 speck' : '{count} specks', { count })
