import Foundation
import Testing
import TestSupport

@testable import ModelFiles

struct ShardedSafetensorsTests {
  let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.path("model.safetensors")
  }

  /// Four tensors of 8, 12, 40 and 4 bytes.
  private static let tensors: [ShardedSafetensorsWriter.Tensor] = [
    ("z", .f32, [2]), ("a", .u8, [12]), ("large", .i64, [5]), ("b", .f16, [2]),
  ]

  /// Writes those tensors and gives what they hold.
  @discardableResult
  private func write(limit: Int?, threads: Int = 1) throws -> [String: [UInt8]] {
    let writer = try ShardedSafetensorsWriter(
      path: path, tensors: Self.tensors, metadata: ["tool": "test"], shardByteCount: limit)
    var contents = [String: [UInt8]]()
    for shard in writer.shards {
      for tensor in shard.header.tensors { contents[tensor.name] = pattern(tensor.byteCount, tensor.name.utf8.count) }
    }
    let expected = contents
    for shard in writer.shards {
      try shard.writePieces(of: shard.header.tensors.map(\.name), pieceByteCount: 64, threads: threads) {
        tensor, range, bytes in
        bytes.copyBytes(from: (expected[tensor.name] ?? [])[range])
      }
    }
    try writer.finish()
    return contents
  }

  @Test(
    "tensors go into files in their order, up to the limit; one above it has its own",
    arguments: [
      (nil, ["model.safetensors"]), (64, ["model.safetensors"]),
      (20, (1...3).map { "model-0000\($0)-of-00003.safetensors" }),
      (19, (1...4).map { "model-0000\($0)-of-00004.safetensors" }),
      (1, (1...4).map { "model-0000\($0)-of-00004.safetensors" }),
    ])
  func split(_ limit: Int?, _ files: [String]) throws {
    let contents = try write(limit: limit)
    let isSplit = files.count > 1
    #expect(try folder.contents == (files + (isSplit ? ["model.safetensors.index.json"] : [])).sorted())
    let checkpoint = try SafetensorsCheckpoint(path: isSplit ? path + ".index.json" : path)
    #expect(checkpoint.files.map { ($0.path as NSString).lastPathComponent } == files)
    #expect(Set(checkpoint.tensors.map(\.name)) == Set(Self.tensors.map(\.name)))
    for file in checkpoint.files { #expect(file.metadata == ["tool": "test", "format": "pt"]) }
    for (name, dtype, shape) in Self.tensors {
      let entry = try #require(checkpoint[name])
      #expect(entry.dtype == dtype && entry.shape == shape)
      var bytes = [UInt8](repeating: 0, count: entry.byteCount)
      try bytes.withUnsafeMutableBytes { try checkpoint.read(name, into: $0) }
      #expect(bytes == contents[name])
    }
    if limit == 20 {
      #expect(checkpoint.files.map { $0.tensors.map(\.name) } == [["z", "a"], ["large"], ["b"]])
    }
  }

  @Test("the index is what Hugging Face writes, to the character")
  func index() throws {
    try write(limit: 20)
    let text = try String(contentsOfFile: path + ".index.json", encoding: .utf8)
    #expect(
      text == """
        {
          "metadata": {
            "total_size": 64
          },
          "weight_map": {
            "a": "model-00001-of-00003.safetensors",
            "b": "model-00003-of-00003.safetensors",
            "large": "model-00002-of-00003.safetensors",
            "z": "model-00001-of-00003.safetensors"
          }
        }

        """)
  }

  @Test("the bytes do not depend on the number of threads", arguments: [2, 7])
  func threads(_ count: Int) throws {
    try write(limit: 20)
    let names = try folder.contents
    let once = try names.map { try bytesOf(folder.path($0)) }
    try write(limit: 20, threads: count)
    #expect(try folder.contents == names)
    #expect(try names.map { try bytesOf(folder.path($0)) } == once)
  }

  @Test("zeros become holes and read as zeros, wherever they begin and end")
  func holes() throws {
    var bytes = [UInt8](repeating: 0, count: 400_000)
    for index in [0, 4095, 4096, 20_000, 49_999, 50_000, 399_999] { bytes[index] = 1 }
    let expected = bytes
    for pieceByteCount in [64, 4096, 5000, 1 << 20] {
      let writer = try SafetensorsWriter(path: path, tensors: [("first", .u8, [3]), ("w", .u8, [bytes.count])])
      try writer.writePieces(of: ["first", "w"], pieceByteCount: pieceByteCount, threads: 2) { tensor, range, bytes in
        bytes.copyBytes(from: tensor.name == "w" ? expected[range] : [1, 2, 3][range])
      }
      try writer.finish()
      let file = try SafetensorsFile(path: path)
      #expect(try file.bytes(of: "w") == expected)
      #expect(try file.bytes(of: "first") == [1, 2, 3])
    }
  }

  @Test("until all is finished nothing is there; after an error nothing stays")
  func allOrNothing() throws {
    let writer = try ShardedSafetensorsWriter(path: path, tensors: Self.tensors, shardByteCount: 20)
    try writer.shards[0].writePieces(of: ["z", "a"], threads: 1) { _, _, _ in }
    #expect(try folder.contents.filter { !$0.hasPrefix(".idinit-") } == [])
    let error = #expect(throws: SafetensorsError.self) { try writer.finish() }
    #expect(error?.problem == .notWritten(["large"]))
    writer.giveUp()
    #expect(try folder.contents == [])

    struct Stop: Error {}
    for threads in [1, 4] {
      let second = try ShardedSafetensorsWriter(path: path, tensors: Self.tensors, shardByteCount: 20)
      #expect(throws: Stop.self) {
        try second.shards[1].writePieces(of: ["large"], threads: threads) { _, _, _ in throw Stop() }
      }
      let error = #expect(throws: SafetensorsError.self) { try second.finish() }
      #expect(error?.problem == .notWritten(["z", "a"]) || error?.problem == .alreadyFinished)
      second.giveUp()
      #expect(try folder.contents == [])
    }
  }

  @Test("if a file cannot be put in its place, those that were are taken away again")
  func failingPlacement() throws {
    let writer = try ShardedSafetensorsWriter(path: path, tensors: Self.tensors, shardByteCount: 20)
    for shard in writer.shards {
      try shard.writePieces(of: shard.header.tensors.map(\.name), threads: 1) { _, _, _ in }
    }
    // A folder where the second shard should go appears in the meantime.
    let blocked = folder.url.appendingPathComponent("model-00002-of-00003.safetensors")
    try FileManager.default.createDirectory(at: blocked, withIntermediateDirectories: false)
    let error = #expect(throws: SafetensorsError.self) { try writer.finish() }
    #expect(error?.path.hasSuffix("model-00002-of-00003.safetensors") == true)
    #expect(try folder.contents == ["model-00002-of-00003.safetensors"])
  }

  @Test("names that are repeated are refused across files")
  func repeatedNames() throws {
    let error = #expect(throws: SafetensorsError.self) {
      try ShardedSafetensorsWriter(
        path: path, tensors: [("a", .u8, [4]), ("b", .u8, [4]), ("a", .u8, [4])], shardByteCount: 4)
    }
    #expect(error?.problem == .duplicateName("a"))
    #expect(try folder.contents == [])
  }

  // MARK: Reading indices

  /// An index text with one thing changed, and what is then wrong with it.
  struct BadIndex: CustomTestStringConvertible, Sendable {
    var old: String
    var new: String
    var message: String
    var testDescription: String { new }
  }

  @Test(
    "an index that says something else than its files is refused with its reason",
    arguments: [
      BadIndex(
        old: "\"b\": \"model-00003-of-00003.safetensors\"", new: "\"b\": \"../b.safetensors\"",
        message: "the index puts tensor 'b' into '../b.safetensors'; expected the name of a file in its own folder"),
      BadIndex(
        old: "\"b\": \"model-00003-of-00003.safetensors\"", new: "\"b\": \"\"",
        message: "the index puts tensor 'b' into ''; expected the name of a file in its own folder"),
      BadIndex(
        old: "\"z\": \"model-00001-of-00003.safetensors\"", new: "\"z\": \"model-00002-of-00003.safetensors\"",
        message: "the file 'model-00001-of-00003.safetensors' holds tensor 'z', which the index puts into "
          + "'model-00002-of-00003.safetensors'"),
      BadIndex(
        old: "\"z\":", new: "\"y\":",
        message: "the file 'model-00001-of-00003.safetensors' holds tensor 'z', which the index does not name"),
      BadIndex(
        old: "\"a\":", new: "\"c\": \"model-00002-of-00003.safetensors\",\n    \"a\":",
        message: "the index puts tensor 'c' into 'model-00002-of-00003.safetensors', which has no such tensor"),
      BadIndex(
        old: "\"weight_map\"", new: "\"weights\"",
        message: "no \"weight_map\", which in an index names the file of every tensor"),
      BadIndex(old: "\"b\":", new: "\"a\":", message: "the key 'a' stands twice, at byte 111 of the index"),
      BadIndex(old: "}\n}\n", new: "}\n", message: "it ends where ',' or '}' should be, at byte 249 of the index"),
    ])
  func badIndex(_ bad: BadIndex) throws {
    try write(limit: 20)
    let index = path + ".index.json"
    let text = try String(contentsOfFile: index, encoding: .utf8)
    try text.replacingOccurrences(of: bad.old, with: bad.new).write(toFile: index, atomically: false, encoding: .utf8)
    let error = #expect(throws: SafetensorsError.self) { try SafetensorsCheckpoint(path: index) }
    #expect(error?.description == "\(index): \(bad.message)")
  }

  @Test("a missing file is named")
  func missingShard() throws {
    try write(limit: 20)
    let shard = folder.path("model-00002-of-00003.safetensors")
    try FileManager.default.removeItem(atPath: shard)
    let error = #expect(throws: SafetensorsError.self) { try SafetensorsCheckpoint(path: path + ".index.json") }
    #expect(error?.description == "\(shard): cannot open: No such file or directory")
  }
}
