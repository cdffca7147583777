export type Boat = { name: string; metres: number }

export const fleet: Boat[] = [
  { name: 'petrel', metres: 7.2 },
  { name: 'curlew', metres: 9.1 },
]
