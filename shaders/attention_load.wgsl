// One reader, included once per tensor. Defines: LOAD (its name), FROM (the binding), HALF (packed f16).
fn LOAD(row: u32, i: u32) -> vec4f {
#ifdef HALF
#ifdef VEC4
  let packed = FROM[row * D4 + i];
  return vec4f(unpack2x16float(packed.x), unpack2x16float(packed.y));
#else
  // HEAD_DIM is even but no multiple of 4: the last pair stands alone.
  let first = row * (HEAD_DIM / 2) + i * 2;
  let low = unpack2x16float(FROM[first]);
  if (i * 4 + 2 < HEAD_DIM) {
    return vec4f(low, unpack2x16float(FROM[first + 1]));
  }
  return vec4f(low, 0.0, 0.0);
#endif
#else
#ifdef VEC4
  return FROM[row * D4 + i];
#else
  var x = vec4f(0.0);
#for c 0 4
  if (i * 4 + $c < HEAD_DIM) {
    x[$c] = FROM[row * HEAD_DIM + i * 4 + $c];
  }
#endfor
  return x;
#endif
#endif
}
