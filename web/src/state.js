// What a view shows, kept in the address, so that a link opens the same view; on the disk as on a server.
export function fromHash(defaults) {
  const given = new URLSearchParams(location.hash.slice(1));
  return Object.fromEntries(Object.entries(defaults).map(([key, value]) => [key, given.has(key) ? given.get(key) : value]));
}

export function toHash(state, defaults = { unknown: "1" }) {
  const kept = new URLSearchParams();
  for (const [key, value] of Object.entries(state)) if (value && value !== defaults[key]) kept.set(key, value);
  const hash = kept.toString();
  if (hash !== location.hash.slice(1)) history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
}
