/** "1 speck", "12 specks" */
export const specks = (count: number): string => (count === 1 ? '1 speck' : `${count} specks`)
