// One reader, included once per tensor. Defines: LOAD (its name), FROM (the binding), HALF (packed f16).
fn LOAD(row: u32, i: u32) -> vec4f {
#ifdef HALF
#ifdef VEC4
  let packed = FROM[row * D4 + i];
  return vec4f(unpack2x16float(packed.x), unpack2x16float(packed.y));
#else
  // Rows of an odd width begin within a word.
  var x = vec4f(0.0);
#for c 0 4
  if (i * 4 + $c < HEAD_DIM) {
    let at$c = row * HEAD_DIM + i * 4 + $c;
    x[$c] = unpack2x16float(FROM[at$c / 2])[at$c % 2];
  }
#endfor
  return x;
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
