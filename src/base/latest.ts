/** Notes a value as the latest of a map that keeps so many, and forgets the oldest beyond them. Gives the value back. */
export function keepLatest<K, V>(map: Map<K, V>, key: K, value: V, most: number): V {
  map.delete(key)
  map.set(key, value)
  for (const oldest of map.keys()) if (map.size > most) map.delete(oldest)
  return value
}
