// Numbers of several runs, as one.

/** The value that so much of the numbers lie below (0 to 1), between two of them where it must be. */
export function quantile(numbers, part) {
  const sorted = [...numbers].sort((one, other) => one - other);
  const place = (sorted.length - 1) * part;
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return low + (high - low) * (place - Math.floor(place));
}

/** `{ median, low, high }` of each measure over these visits. */
export function summary(visits) {
  return Object.fromEntries(Object.keys(visits[0]).map((measure) => {
    const numbers = visits.map((visit) => visit[measure]);
    return [measure, { median: quantile(numbers, 0.5), low: Math.min(...numbers), high: Math.max(...numbers) }];
  }));
}
