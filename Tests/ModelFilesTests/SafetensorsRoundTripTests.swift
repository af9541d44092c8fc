import Testing
import TestSupport

@testable import ModelFiles

/// Bytes that differ from place to place and from tensor to tensor.
func pattern(_ count: Int, _ salt: Int) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ salt &* 7 &+ 1) }
}

/// A file of three small tensors, for tests that damage it.
func smallFile(in folder: TemporaryFolder, name: String = "small.safetensors") throws -> String {
  let path = folder.path(name)
  let writer = try SafetensorsWriter(
    path: path, tensors: [("b", .u8, [3]), ("a", .f32, [1, 2]), ("empty", .f64, [0, 4])], metadata: ["tool": "test"])
  try pattern(3, 1).withUnsafeBytes { try writer.write("b", bytes: $0) }
  try pattern(8, 2).withUnsafeBytes { try writer.write("a", bytes: $0) }
  try writer.write("empty") { _ in }
  try writer.finish()
  return path
}

struct SafetensorsRoundTripTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test("every dtype comes back with its shape and bytes", arguments: SafetensorsDType.allCases)
  func everyType(_ dtype: SafetensorsDType) throws {
    let shapes = ["scalar": [], "empty": [3, 0, 2], "vector": [8], "kernel": [2, 1, 2, 4]]
    // A scalar of a sub-byte type fills no whole byte.
    let tensors = shapes.filter { dtype.bitCount >= 8 || !$0.value.isEmpty }.map { ($0.key, dtype, $0.value) }
    let path = folder.path("t.safetensors")
    let writer = try SafetensorsWriter(path: path, tensors: tensors)
    for (index, entry) in writer.header.tensors.enumerated() {
      try pattern(entry.byteCount, index).withUnsafeBytes { try writer.write(entry.name, bytes: $0) }
    }
    try writer.finish()

    let file = try SafetensorsFile(path: path)
    #expect(Set(file.tensors.map(\.name)) == Set(tensors.map(\.0)))
    #expect(file.metadata == ["format": "pt"])
    for (index, entry) in writer.header.tensors.enumerated() {
      let read = try file.tensor(entry.name)
      #expect(read == entry)
      #expect(read.shape == shapes[entry.name])
      #expect(try file.bytes(of: entry.name) == pattern(entry.byteCount, index))
      try file.withBytes(of: entry.name) { #expect(Array($0) == pattern(entry.byteCount, index)) }
    }
    #expect(try folder.contents == ["t.safetensors"])
  }

  @Test("the layout is the reference's: wide types first, then by name, data at a multiple of 8")
  func layout() throws {
    let file = try SafetensorsFile(path: try smallFile(in: folder))
    #expect(file.tensors.map(\.name) == ["empty", "a", "b"])
    #expect(file.tensors.map(\.dataRange) == [0..<0, 0..<8, 8..<11])
    let bytes = try bytesOf(file.path)
    let length = bytes[0..<8].enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
    #expect(length % 8 == 0)
    #expect(bytes.count == 8 + length + 11)
    #expect(
      String(decoding: bytes[8..<8 + length], as: UTF8.self).hasPrefix(
        #"{"__metadata__":{"format":"pt","tool":"test"},"empty":{"dtype":"F64","shape":[0,4],"data_offsets":[0,0]},"#))
  }

  @Test("the same tensors in another order give the same file")
  func order() throws {
    var files = [[UInt8]]()
    for names in [["x", "y", "z"], ["z", "x", "y"]] {
      let path = folder.path("o\(files.count)")
      let writer = try SafetensorsWriter(path: path, tensors: names.map { ($0, .u8, [2]) })
      for name in names.reversed() {
        try writer.write(name) { sink in
          try (Array(name.utf8) + Array(name.utf8)).withUnsafeBytes { try sink.append($0) }
        }
      }
      try writer.finish()
      files.append(try bytesOf(path))
    }
    #expect(files[0] == files[1])
  }

  @Test("names come back byte for byte; two that Swift calls equal stay two")
  func names() throws {
    let names = ["é", "e\u{301}", "a\"b\\c/d", "层.0.weight", "🙂", "a b", "\u{2028}"]
    let path = folder.path("n")
    let writer = try SafetensorsWriter(path: path, tensors: names.map { ($0, .u8, [1]) }, metadata: ["k\n\"": "\u{1}é"])
    for (index, name) in names.enumerated() { try [UInt8(index)].withUnsafeBytes { try writer.write(name, bytes: $0) } }
    try writer.finish()
    let file = try SafetensorsFile(path: path)
    #expect(file.tensors.count == names.count)
    for (index, name) in names.enumerated() { #expect(try file.bytes(of: name) == [UInt8(index)]) }
    #expect(file.metadata["k\n\""] == "\u{1}é")
  }

  @Test("pieces, holes and positioned reads meet in the same bytes")
  func pieces() throws {
    let path = folder.path("p")
    let writer = try SafetensorsWriter(path: path, tensors: [("w", .f32, [1000]), ("holes", .f32, [300_000])])
    var ranges = [Range<Int>]()
    try writer.write("w", pieceByteCount: 1024) { buffer, range in
      ranges.append(range)
      for (index, offset) in range.enumerated() { buffer[index] = UInt8(truncatingIfNeeded: offset &* 31 &+ 8) }
    }
    try writer.write("holes") { sink in
      try sink.appendZeros(600_000)
      try [7, 7, 7, 7].withUnsafeBytes { try sink.append(UnsafeRawBufferPointer(rebasing: $0[..<4])) }
      try sink.appendZeros(599_996)
    }
    try writer.finish()
    #expect(ranges == [0..<1024, 1024..<2048, 2048..<3072, 3072..<4000])
    let file = try SafetensorsFile(path: path)
    #expect(try file.bytes(of: "w") == pattern(4000, 1))
    var part = [UInt8](repeating: 0, count: 100)
    try part.withUnsafeMutableBytes { try file.read("w", from: 3900, into: $0) }
    #expect(part == Array(pattern(4000, 1)[3900...]))
    #expect(throws: SafetensorsError.self) {
      try part.withUnsafeMutableBytes { try file.read("w", from: 3901, into: $0) }
    }
    let holes = try file.bytes(of: "holes")
    #expect(holes.count == 1_200_000)
    #expect(holes.enumerated().filter { $1 != 0 }.map(\.offset) == [600_000])
  }

  @Test("a name that is not there names its neighbour")
  func missingName() throws {
    let path = folder.path("m")
    let writer = try SafetensorsWriter(path: path, tensors: [("layer1.0.conv2.weight", .u8, [0])])
    try writer.write("layer1.0.conv2.weight") { _ in }
    try writer.finish()
    let file = try SafetensorsFile(path: path)
    let error = #expect(throws: SafetensorsError.self) { try file.tensor("layer1.0.conv2.wieght") }
    #expect(error?.description == "\(path): no tensor 'layer1.0.conv2.wieght'; did you mean 'layer1.0.conv2.weight'?")
    #expect(file["other"] == nil)
  }
}
