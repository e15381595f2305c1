/** A small GeoTIFF of one band of 32-bit floats on EPSG:4326. */
export function geotiff({ west, north, cell, width, height, value }) {
  const SHORT = 3;
  const LONG = 4;
  const DOUBLE = 12;
  const pixels = Buffer.alloc(width * height * 4);
  for (let i = 0; i < width * height; i += 1) pixels.writeFloatLE(value(i % width, Math.floor(i / width)), i * 4);
  const doubles = (list) => {
    const out = Buffer.alloc(list.length * 8);
    list.forEach((n, i) => {
      out.writeDoubleLE(n, i * 8);
    });
    return out;
  };
  const shorts = (list) => {
    const out = Buffer.alloc(list.length * 2);
    list.forEach((n, i) => {
      out.writeUInt16LE(n, i * 2);
    });
    return out;
  };
  const keys = [1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4326];
  const tags = [
    [256, SHORT, [width]],
    [257, SHORT, [height]],
    [258, SHORT, [32]],
    [259, SHORT, [1]],
    [262, SHORT, [1]],
    [273, LONG, [8]],
    [277, SHORT, [1]],
    [278, SHORT, [height]],
    [279, LONG, [pixels.length]],
    [339, SHORT, [3]],
    [33550, DOUBLE, [cell, cell, 0]],
    [33922, DOUBLE, [0, 0, 0, west, north, 0]],
    [34735, SHORT, keys],
  ];
  const head = Buffer.alloc(8);
  head.write('II');
  head.writeUInt16LE(42, 2);
  head.writeUInt32LE(8 + pixels.length, 4);
  const directory = Buffer.alloc(2 + tags.length * 12 + 4);
  directory.writeUInt16LE(tags.length, 0);
  const extra = [];
  let place = 8 + pixels.length + directory.length;
  tags.forEach(([tag, type, values], i) => {
    const at = 2 + i * 12;
    directory.writeUInt16LE(tag, at);
    directory.writeUInt16LE(type, at + 2);
    directory.writeUInt32LE(values.length, at + 4);
    if (values.length === 1) {
      if (type === SHORT) directory.writeUInt16LE(values[0], at + 8);
      else directory.writeUInt32LE(values[0], at + 8);
      return;
    }
    const bytes = type === DOUBLE ? doubles(values) : shorts(values);
    directory.writeUInt32LE(place, at + 8);
    place += bytes.length;
    extra.push(bytes);
  });
  return Buffer.concat([head, pixels, directory, ...extra]);
}
