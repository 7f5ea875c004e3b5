// A dense product of square matrices in f32, tile by tile: what plain WGSL reaches of a device's arithmetic.
// A workgroup makes 64 x 64 of C, an invocation 4 x 4. Sides are multiples of 64. Bench only.
struct Params {
  side: u32,
  padding_0: u32,
  padding_1: u32,
  padding_2: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
// Row-major, four columns a vector.
@group(0) @binding(1) var<storage, read> a: array<vec4f>;
@group(0) @binding(2) var<storage, read> b: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> c: array<vec4f>;

// 64 rows of 16 columns of A, transposed: scalars, since a store to one part of a vector may write all of it; 16 rows of 64 columns of B.
var<workgroup> tile_a: array<f32, 1024>;
var<workgroup> tile_b: array<vec4f, 256>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
  let vectors = params.side / 4u;
  let row = group.y * 64u;
  let column = group.x * 16u;
  // What this invocation makes, in fours.
  let up = local / 16u;
  let across = local % 16u;
  var sums: array<vec4f, 4>;
  for (var k = 0u; k < params.side; k += 16u) {
    let loaded = a[(row + local / 4u) * vectors + k / 4u + local % 4u];
    let to = (local % 4u) * 256u + local / 4u;
    tile_a[to] = loaded.x;
    tile_a[to + 64u] = loaded.y;
    tile_a[to + 128u] = loaded.z;
    tile_a[to + 192u] = loaded.w;
    tile_b[local] = b[(k + local / 16u) * vectors + column + local % 16u];
    workgroupBarrier();
    for (var step = 0u; step < 16u; step++) {
      let at = step * 64u + up * 4u;
      let left = vec4f(tile_a[at], tile_a[at + 1u], tile_a[at + 2u], tile_a[at + 3u]);
      let right = tile_b[step * 16u + across];
      sums[0] = fma(vec4f(left.x), right, sums[0]);
      sums[1] = fma(vec4f(left.y), right, sums[1]);
      sums[2] = fma(vec4f(left.z), right, sums[2]);
      sums[3] = fma(vec4f(left.w), right, sums[3]);
    }
    workgroupBarrier();
  }
  for (var line = 0u; line < 4u; line++) {
    c[(row + up * 4u + line) * vectors + column + across] = sums[line];
  }
}
