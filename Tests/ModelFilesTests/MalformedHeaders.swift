import Testing

@testable import ModelFiles

/// A header's text and the bytes after it, as a file.
func fileBytes(_ json: String, data: Int = 0) -> [UInt8] {
  withUnsafeBytes(of: UInt64(json.utf8.count).littleEndian) { Array($0) } + Array(json.utf8)
    + [UInt8](repeating: 1, count: data)
}

struct MalformedHeader: CustomTestStringConvertible, Sendable {
  var testDescription: String
  var json: String
  var data = 0
  var expected: SafetensorsError.Problem
}

func headerEntry(_ dtype: String = "U8", _ shape: String = "[2]", _ offsets: String = "[0,2]") -> String {
  #"{"dtype":"\#(dtype)","shape":\#(shape),"data_offsets":\#(offsets)}"#
}

let malformedHeaders: [MalformedHeader] = [
  .init(testDescription: "no object", json: "[]", expected: .headerStart(found: 0x5B)),
  .init(testDescription: "space first", json: " {}", expected: .headerStart(found: 0x20)),
  .init(testDescription: "no header", json: "", expected: .headerStart(found: nil)),
  .init(
    testDescription: "cut off", json: "{",
    expected: .headerText(position: 9, message: "it ends where a string should be")),
  .init(
    testDescription: "text after it", json: "{}x",
    expected: .headerText(position: 10, message: "'x' where nothing more should be")),
  .init(
    testDescription: "zeros as padding", json: "{}\0",
    expected: .headerText(position: 10, message: "byte 0x0 where nothing more should be")),
  .init(
    testDescription: "no colon", json: #"{"a" 1}"#,
    expected: .headerText(position: 13, message: "'1' where ':' after the key 'a' should be")),
  .init(
    testDescription: "comma at the end", json: #"{"a":\#(headerEntry()),}"#, data: 2,
    expected: .headerText(position: 61, message: "'}' where a string should be")),
  .init(
    testDescription: "same name twice", json: #"{"a":\#(headerEntry()),"a":\#(headerEntry("U8", "[1]", "[2,3]"))}"#,
    data: 3,
    expected: .duplicateName("a")),
  .init(
    testDescription: "same name, once escaped",
    json: #"{"a":\#(headerEntry()),"\u0061":\#(headerEntry("U8", "[1]", "[2,3]"))}"#,
    data: 3, expected: .duplicateName("a")),
  .init(
    testDescription: "same field twice", json: #"{"a":{"dtype":"U8","dtype":"U8"}}"#,
    expected: .headerText(position: 27, message: "the key 'dtype' stands twice")),
  .init(
    testDescription: "metadata twice", json: #"{"__metadata__":{},"__metadata__":{}}"#,
    expected: .duplicateName("__metadata__")),
  .init(
    testDescription: "metadata no string", json: #"{"__metadata__":{"a":1}}"#,
    expected: .headerText(position: 29, message: "'1' where a string should be")),
  .init(
    testDescription: "metadata null", json: #"{"__metadata__":null}"#,
    expected: .headerText(position: 24, message: "'n' where an object should be")),
  .init(
    testDescription: "entry no object", json: #"{"a":1}"#,
    expected: .headerText(position: 13, message: "'1' where an object should be")),
  .init(
    testDescription: "no dtype", json: #"{"a":{"shape":[],"data_offsets":[0,1]}}"#, data: 1,
    expected: .missingField(tensor: "a", field: "dtype")),
  .init(
    testDescription: "no shape", json: #"{"a":{"dtype":"U8","data_offsets":[0,1]}}"#, data: 1,
    expected: .missingField(tensor: "a", field: "shape")),
  .init(
    testDescription: "no offsets", json: #"{"a":{"dtype":"U8","shape":[1]}}"#, data: 1,
    expected: .missingField(tensor: "a", field: "data_offsets")),
  .init(
    testDescription: "unknown dtype", json: #"{"a":\#(headerEntry("float32"))}"#, data: 2,
    expected: .unknownDType(tensor: "a", dtype: "float32")),
  .init(
    testDescription: "negative dimension", json: #"{"a":\#(headerEntry("U8", "[-2]"))}"#, data: 2,
    expected: .headerText(position: 36, message: "'-' where a whole number should be")),
  .init(
    testDescription: "fraction", json: #"{"a":\#(headerEntry("U8", "[2.0]"))}"#, data: 2,
    expected: .headerText(position: 37, message: "'.' where a whole number should be")),
  .init(
    testDescription: "exponent", json: #"{"a":\#(headerEntry("U8", "[2E0]"))}"#, data: 2,
    expected: .headerText(position: 37, message: "'E' where a whole number should be")),
  .init(
    testDescription: "leading zero", json: #"{"a":\#(headerEntry("U8", "[02]"))}"#, data: 2,
    expected: .headerText(position: 36, message: "a number with a leading zero")),
  .init(
    testDescription: "dimension above Int.max", json: #"{"a":\#(headerEntry("U8", "[9223372036854775808]"))}"#, data: 2,
    expected: .headerText(position: 36, message: "a number above 2^63 - 1")),
  .init(
    testDescription: "dimensions overflow", json: #"{"a":\#(headerEntry("U8", "[4294967296,4294967296]"))}"#, data: 2,
    expected: .tooLarge(tensor: "a", dtype: .u8, shape: [1 << 32, 1 << 32])),
  .init(
    testDescription: "overflow hidden by a zero",
    json: #"{"a":\#(headerEntry("U8", "[4294967296,4294967296,0]", "[0,0]"))}"#,
    expected: .tooLarge(tensor: "a", dtype: .u8, shape: [1 << 32, 1 << 32, 0])),
  .init(
    testDescription: "bytes overflow", json: #"{"a":\#(headerEntry("F64", "[4611686018427387904]"))}"#, data: 2,
    expected: .tooLarge(tensor: "a", dtype: .f64, shape: [1 << 62])),
  .init(
    testDescription: "half a byte", json: #"{"a":\#(headerEntry("F4", "[3]"))}"#, data: 2,
    expected: .tooLarge(tensor: "a", dtype: .f4, shape: [3])),
  .init(
    testDescription: "size against shape", json: #"{"a":\#(headerEntry("F32", "[1]", "[0,2]"))}"#, data: 2,
    expected: .sizeMismatch(tensor: "a", dtype: .f32, shape: [1], expected: 4, found: 2)),
  .init(
    testDescription: "end before begin", json: #"{"a":\#(headerEntry("U8", "[2]", "[2,0]"))}"#, data: 2,
    expected: .badOffsets(tensor: "a", offsets: [2, 0])),
  .init(
    testDescription: "one offset", json: #"{"a":\#(headerEntry("U8", "[2]", "[2]"))}"#, data: 2,
    expected: .badOffsets(tensor: "a", offsets: [2])),
  .init(
    testDescription: "three offsets", json: #"{"a":\#(headerEntry("U8", "[2]", "[0,2,2]"))}"#, data: 2,
    expected: .badOffsets(tensor: "a", offsets: [0, 2, 2])),
  .init(
    testDescription: "hole before the first", json: #"{"a":\#(headerEntry("U8", "[2]", "[1,3]"))}"#, data: 3,
    expected: .hole(tensor: "a", begin: 1, previous: nil, previousEnd: 0)),
  .init(
    testDescription: "hole between", json: #"{"b":\#(headerEntry("U8", "[2]", "[3,5]")),"a":\#(headerEntry())}"#,
    data: 5,
    expected: .hole(tensor: "b", begin: 3, previous: "a", previousEnd: 2)),
  .init(
    testDescription: "overlap", json: #"{"a":\#(headerEntry()),"b":\#(headerEntry("U8", "[2]", "[1,3]"))}"#, data: 3,
    expected: .overlap(tensor: "b", begin: 1, previous: "a", previousEnd: 2)),
  .init(
    testDescription: "two in one place", json: #"{"a":\#(headerEntry()),"b":\#(headerEntry())}"#, data: 2,
    expected: .overlap(tensor: "b", begin: 0, previous: "a", previousEnd: 2)),
  .init(
    testDescription: "data cut off", json: #"{"a":\#(headerEntry())}"#, data: 1,
    expected: .truncated(tensor: "a", end: 63, fileSize: 62)),
  .init(
    testDescription: "offsets beyond any file",
    json: #"{"a":\#(headerEntry("U8", "[9223372036854775807]", "[0,9223372036854775807]"))}"#, data: 1,
    expected: .tooLarge(tensor: "a", dtype: .u8, shape: [Int.max])),
  .init(
    testDescription: "bytes after the last", json: #"{"a":\#(headerEntry())}"#, data: 5,
    expected: .trailingBytes(count: 3, position: 63)),
  .init(testDescription: "bytes and no tensor", json: "{}", data: 1, expected: .trailingBytes(count: 1, position: 10)),
  .init(
    testDescription: "lone surrogate", json: #"{"\ud800":\#(headerEntry())}"#, data: 2,
    expected: .headerText(position: 10, message: "half of a surrogate pair")),
  .init(
    testDescription: "unknown escape", json: #"{"\x":1}"#,
    expected: .headerText(position: 10, message: "an unknown escape")),
  .init(
    testDescription: "line break in a string", json: "{\"a\nb\":1}",
    expected: .headerText(position: 11, message: "a control character inside a string")),
  .init(
    testDescription: "string without end", json: #"{"abc"#,
    expected: .headerText(position: 9, message: "a string without its closing quote")),
  .init(
    testDescription: "deep nesting", json: #"{"a":{"x":"# + String(repeating: "[", count: 5000),
    expected: .headerText(position: 80, message: "more than 64 levels of nesting")),
]
