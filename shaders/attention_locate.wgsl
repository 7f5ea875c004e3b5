// Which keys a tile holds. Defines: those of attention_io.wgsl, and KEYS and WORKGROUP.

// Source (NO_SOURCE where the key is hidden or past the end) and row of every key of the tile.
var<workgroup> located: array<vec2u, KEYS>;
#ifdef MASK
var<workgroup> seen_keys: u32;
#endif

// Resolves the key ranges for the keys from `tile` on; gives how many of them are seen, which only MASK counts.
fn locate_tile(tile: u32, batch: u32, head: u32, index: u32) -> u32 {
  workgroupBarrier();
  for (var at = index; at < KEYS; at += WORKGROUP) {
    let found = locate(tile + at, 0, params.range_count);
    let row = key_row(found, batch, head);
    located[at] = vec2u(select(NO_SOURCE, found.x, key_seen(found, batch) > 0.0), row);
  }
  workgroupBarrier();
#ifdef MASK
  if (index == 0) {
    var count = 0u;
    for (var at = 0u; at < KEYS; at++) {
      count += select(0u, 1u, located[at].x != NO_SOURCE);
    }
    seen_keys = count;
  }
  return workgroupUniformLoad(&seen_keys);
#else
  return KEYS;
#endif
}
