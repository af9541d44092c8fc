import Foundation
import Testing
import TestSupport

@testable import ModelFiles

func bytesOf(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }

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

private func entry(_ dtype: String = "U8", _ shape: String = "[2]", _ offsets: String = "[0,2]") -> String {
  #"{"dtype":"\#(dtype)","shape":\#(shape),"data_offsets":\#(offsets)}"#
}

private let malformed: [MalformedHeader] = [
  .init(testDescription: "no object", json: "[]", expected: .headerStart(found: 0x5B)),
  .init(testDescription: "space first", json: " {}", expected: .headerStart(found: 0x20)),
  .init(testDescription: "no header", json: "", expected: .headerStart(found: nil)),
  .init(testDescription: "cut off", json: "{", expected: .headerText(position: 9, message: "it ends where a string should be")),
  .init(testDescription: "text after it", json: "{}x", expected: .headerText(position: 10, message: "'x' where nothing more should be")),
  .init(testDescription: "zeros as padding", json: "{}\0", expected: .headerText(position: 10, message: "byte 0x0 where nothing more should be")),
  .init(testDescription: "no colon", json: #"{"a" 1}"#, expected: .headerText(position: 13, message: "'1' where ':' after the key 'a' should be")),
  .init(testDescription: "comma at the end", json: #"{"a":\#(entry()),}"#, data: 2, expected: .headerText(position: 61, message: "'}' where a string should be")),
  .init(testDescription: "same name twice", json: #"{"a":\#(entry()),"a":\#(entry("U8", "[1]", "[2,3]"))}"#, data: 3, expected: .duplicateName("a")),
  .init(testDescription: "same name, once escaped", json: #"{"a":\#(entry()),"\u0061":\#(entry("U8", "[1]", "[2,3]"))}"#, data: 3, expected: .duplicateName("a")),
  .init(testDescription: "same field twice", json: #"{"a":{"dtype":"U8","dtype":"U8"}}"#, expected: .headerText(position: 27, message: "the key 'dtype' stands twice")),
  .init(testDescription: "metadata twice", json: #"{"__metadata__":{},"__metadata__":{}}"#, expected: .duplicateName("__metadata__")),
  .init(testDescription: "metadata no string", json: #"{"__metadata__":{"a":1}}"#, expected: .headerText(position: 29, message: "'1' where a string should be")),
  .init(testDescription: "metadata null", json: #"{"__metadata__":null}"#, expected: .headerText(position: 24, message: "'n' where an object should be")),
  .init(testDescription: "entry no object", json: #"{"a":1}"#, expected: .headerText(position: 13, message: "'1' where an object should be")),
  .init(testDescription: "no dtype", json: #"{"a":{"shape":[],"data_offsets":[0,1]}}"#, data: 1, expected: .missingField(tensor: "a", field: "dtype")),
  .init(testDescription: "no shape", json: #"{"a":{"dtype":"U8","data_offsets":[0,1]}}"#, data: 1, expected: .missingField(tensor: "a", field: "shape")),
  .init(testDescription: "no offsets", json: #"{"a":{"dtype":"U8","shape":[1]}}"#, data: 1, expected: .missingField(tensor: "a", field: "data_offsets")),
  .init(testDescription: "unknown dtype", json: #"{"a":\#(entry("float32"))}"#, data: 2, expected: .unknownDType(tensor: "a", dtype: "float32")),
  .init(testDescription: "negative dimension", json: #"{"a":\#(entry("U8", "[-2]"))}"#, data: 2, expected: .headerText(position: 36, message: "'-' where a whole number should be")),
  .init(testDescription: "fraction", json: #"{"a":\#(entry("U8", "[2.0]"))}"#, data: 2, expected: .headerText(position: 37, message: "'.' where a whole number should be")),
  .init(testDescription: "exponent", json: #"{"a":\#(entry("U8", "[2E0]"))}"#, data: 2, expected: .headerText(position: 37, message: "'E' where a whole number should be")),
  .init(testDescription: "leading zero", json: #"{"a":\#(entry("U8", "[02]"))}"#, data: 2, expected: .headerText(position: 36, message: "a number with a leading zero")),
  .init(testDescription: "dimension above Int.max", json: #"{"a":\#(entry("U8", "[9223372036854775808]"))}"#, data: 2, expected: .headerText(position: 36, message: "a number above 2^63 - 1")),
  .init(testDescription: "dimensions overflow", json: #"{"a":\#(entry("U8", "[4294967296,4294967296]"))}"#, data: 2, expected: .tooLarge(tensor: "a", dtype: .u8, shape: [1 << 32, 1 << 32])),
  .init(testDescription: "overflow hidden by a zero", json: #"{"a":\#(entry("U8", "[4294967296,4294967296,0]", "[0,0]"))}"#, expected: .tooLarge(tensor: "a", dtype: .u8, shape: [1 << 32, 1 << 32, 0])),
  .init(testDescription: "bytes overflow", json: #"{"a":\#(entry("F64", "[4611686018427387904]"))}"#, data: 2, expected: .tooLarge(tensor: "a", dtype: .f64, shape: [1 << 62])),
  .init(testDescription: "half a byte", json: #"{"a":\#(entry("F4", "[3]"))}"#, data: 2, expected: .tooLarge(tensor: "a", dtype: .f4, shape: [3])),
  .init(testDescription: "size against shape", json: #"{"a":\#(entry("F32", "[1]", "[0,2]"))}"#, data: 2, expected: .sizeMismatch(tensor: "a", dtype: .f32, shape: [1], expected: 4, found: 2)),
  .init(testDescription: "end before begin", json: #"{"a":\#(entry("U8", "[2]", "[2,0]"))}"#, data: 2, expected: .badOffsets(tensor: "a", offsets: [2, 0])),
  .init(testDescription: "one offset", json: #"{"a":\#(entry("U8", "[2]", "[2]"))}"#, data: 2, expected: .badOffsets(tensor: "a", offsets: [2])),
  .init(testDescription: "three offsets", json: #"{"a":\#(entry("U8", "[2]", "[0,2,2]"))}"#, data: 2, expected: .badOffsets(tensor: "a", offsets: [0, 2, 2])),
  .init(testDescription: "hole before the first", json: #"{"a":\#(entry("U8", "[2]", "[1,3]"))}"#, data: 3, expected: .hole(tensor: "a", begin: 1, previous: nil, previousEnd: 0)),
  .init(testDescription: "hole between", json: #"{"b":\#(entry("U8", "[2]", "[3,5]")),"a":\#(entry())}"#, data: 5, expected: .hole(tensor: "b", begin: 3, previous: "a", previousEnd: 2)),
  .init(testDescription: "overlap", json: #"{"a":\#(entry()),"b":\#(entry("U8", "[2]", "[1,3]"))}"#, data: 3, expected: .overlap(tensor: "b", begin: 1, previous: "a", previousEnd: 2)),
  .init(testDescription: "two in one place", json: #"{"a":\#(entry()),"b":\#(entry())}"#, data: 2, expected: .overlap(tensor: "b", begin: 0, previous: "a", previousEnd: 2)),
  .init(testDescription: "data cut off", json: #"{"a":\#(entry())}"#, data: 1, expected: .truncated(tensor: "a", end: 63, fileSize: 62)),
  .init(testDescription: "offsets beyond any file", json: #"{"a":\#(entry("U8", "[9223372036854775807]", "[0,9223372036854775807]"))}"#, data: 1, expected: .tooLarge(tensor: "a", dtype: .u8, shape: [Int.max])),
  .init(testDescription: "bytes after the last", json: #"{"a":\#(entry())}"#, data: 5, expected: .trailingBytes(count: 3, position: 63)),
  .init(testDescription: "bytes and no tensor", json: "{}", data: 1, expected: .trailingBytes(count: 1, position: 10)),
  .init(testDescription: "lone surrogate", json: #"{"\ud800":\#(entry())}"#, data: 2, expected: .headerText(position: 10, message: "half of a surrogate pair")),
  .init(testDescription: "unknown escape", json: #"{"\x":1}"#, expected: .headerText(position: 10, message: "an unknown escape")),
  .init(testDescription: "line break in a string", json: "{\"a\nb\":1}", expected: .headerText(position: 11, message: "a control character inside a string")),
  .init(testDescription: "string without end", json: #"{"abc"#, expected: .headerText(position: 9, message: "a string without its closing quote")),
  .init(testDescription: "deep nesting", json: #"{"a":{"x":"# + String(repeating: "[", count: 5000), expected: .headerText(position: 80, message: "more than 64 levels of nesting")),
]

struct SafetensorsMalformedTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test("a malformed header is refused for what it is", arguments: malformed)
  func malformedHeader(_ sample: MalformedHeader) throws {
    let path = try folder.write(fileBytes(sample.json, data: sample.data), to: "bad.safetensors")
    let error = #expect(throws: SafetensorsError.self) { try SafetensorsFile(path: path) }
    #expect(error?.problem == sample.expected)
    let text = try #require(error?.description)
    #expect(text.hasPrefix("\(path): "))
    #expect(!text.contains("\n"))
  }

  @Test("what is well-formed but unusual is read")
  func unusual() throws {
    let json = #"{"a" : {"shape":[ 2 ],"new":{"x":[1,-2.5e+3,null,true,false,"\"\\"]},"dtype":"U8","data_offsets":[ 0 , 2 ]},"#
      + "\n\t" + #""\ud83d\ude42":{"dtype":"F4","shape":[0,7],"data_offsets":[2,2]}} "# + "\r\n"
    let file = try SafetensorsFile(path: try folder.write(fileBytes(json, data: 2), to: "u"))
    #expect(file.tensors.map(\.name) == ["a", "🙂"])
    #expect(try SafetensorsFile(path: try folder.write(fileBytes("{}"), to: "none")).tensors.isEmpty)
  }

  @Test("text that is no UTF-8 is refused at its byte")
  func encoding() throws {
    var bytes = fileBytes(#"{"aé":\#(entry())}"#, data: 2)
    bytes[11] = 0x41  // the second byte of é is 0xA9 at 12; its first is gone
    let error = #expect(throws: SafetensorsError.self) { try SafetensorsFile(path: try folder.write(bytes, to: "e")) }
    #expect(error?.problem == .headerText(position: 12, message: "bytes that are no UTF-8"))
  }

  @Test("the header's length is checked before anything is allocated", arguments: [
    (UInt64(100_000_001), SafetensorsError.Problem.headerTooLong(100_000_001)),
    (UInt64.max, .headerTooLong(.max)),
    (UInt64(100_000_000), .headerPastEnd(headerEnd: 100_000_008, fileSize: 10)),
    (UInt64(3), .headerPastEnd(headerEnd: 11, fileSize: 10)),
  ])
  func headerLength(_ length: UInt64, _ problem: SafetensorsError.Problem) throws {
    let bytes = withUnsafeBytes(of: length.littleEndian) { Array($0) } + Array("{}".utf8)
    let error = #expect(throws: SafetensorsError.self) { try SafetensorsFile(path: try folder.write(bytes, to: "l")) }
    #expect(error?.problem == problem)
  }

  @Test("a file cut at any byte is refused")
  func truncation() throws {
    let bytes = try bytesOf(try smallFile(in: folder))
    for length in 0..<bytes.count {
      let path = try folder.write(Array(bytes[..<length]), to: "cut")
      #expect(throws: SafetensorsError.self, "cut at \(length)") { try SafetensorsFile(path: path) }
    }
    #expect(throws: Never.self) { try SafetensorsFile(path: try folder.write(bytes, to: "whole")) }
  }

  @Test("a file with any byte flipped is read or refused, never a crash")
  func flips() throws {
    let bytes = try bytesOf(try smallFile(in: folder))
    var refused = 0
    for position in bytes.indices {
      for bit in 0..<8 {
        var damaged = bytes
        damaged[position] ^= 1 << bit
        do {
          let file = try SafetensorsFile(path: try folder.write(damaged, to: "flip"))
          for tensor in file.tensors { #expect(try file.bytes(of: tensor.name).count == tensor.byteCount) }
        } catch is SafetensorsError { refused += 1 }
      }
    }
    #expect(refused > bytes.count)
  }

  @Test("what is no file is refused in a line")
  func noFile() throws {
    for (path, reason) in [
      (folder.path("absent"), "cannot open: No such file or directory"), (folder.url.path, "cannot open: it is a folder"),
      ("/dev/null", "cannot open: it is not a regular file"),
    ] {
      let error = #expect(throws: SafetensorsError.self) { try SafetensorsFile(path: path) }
      #expect(error?.description == "\(path): \(reason)")
    }
    let error = #expect(throws: SafetensorsError.self) { try SafetensorsFile(path: try folder.write([1, 2], to: "tiny")) }
    #expect(error?.problem == .tooShort(fileSize: 2))
  }

  @Test("offsets beyond 2 and 4 GB are exact")
  func largeOffsets() throws {
    let header = try SafetensorsHeader(
      layingOut: [("a", .f32, [3 << 30]), ("b", .f16, [1 << 20, 1 << 12]), ("c", .u8, [1])], metadata: [:])
    #expect(header.tensors.map(\.dataRange) == [0..<12_884_901_888, 12_884_901_888..<21_474_836_480, 21_474_836_480..<21_474_836_481])
    let encoded = try header.encoded()
    let read = try encoded[8...].withUnsafeBytes { try SafetensorsHeader(parsing: $0, fileSize: encoded.count + header.dataByteCount) }
    #expect(read == header)
  }

  @Test("a 5 GB file of holes is written and read at its far end")
  func sparse() throws {
    let path = folder.path("sparse")
    let writer = try SafetensorsWriter(path: path, tensors: [("w", .u8, [5 << 30])])
    try writer.write("w") { sink in
      try sink.appendZeros(5 << 30 - 1)
      try [UInt8(9)].withUnsafeBytes { try sink.append($0) }
    }
    try writer.finish()
    let file = try SafetensorsFile(path: path)
    var last: [UInt8] = [1, 1]
    try last.withUnsafeMutableBytes { try file.read("w", from: 5 << 30 - 2, into: $0) }
    #expect(last == [0, 9])
    try file.withBytes(of: "w") { #expect($0[5 << 30 - 1] == 9 && $0[5 << 30 - 2] == 0) }
  }
}
