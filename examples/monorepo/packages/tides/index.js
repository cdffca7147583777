/** Hours until high water, at a harbour where the tide turns every 12 hours and 25 minutes. */
export function hoursToHighWater(minutesSinceLow) {
  const half = 745 / 2;
  return Math.round((((half - minutesSinceLow) % 745) + 745) % 745 / 6) / 10;
}
