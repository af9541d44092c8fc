import Foundation
import IDInit
import ModelFiles
import Testing
import TestSupport

/// `idinit diff` and `idinit verify`.
struct CompareTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// Runs in the folder, so that messages name files without it.
  private func run(_ arguments: String...) throws -> ProgramResult {
    try TestSupport.run(idinitBinary, arguments, in: folder.url)
  }

  private func write(_ name: String, _ tensors: [(String, SafetensorsDType, [Int], [UInt8])]) throws {
    let writer = try SafetensorsWriter(
      path: folder.path(name), tensors: tensors.map { ($0.0, $0.1, $0.2) })
    for (name, _, _, bytes) in tensors { try bytes.withUnsafeBytes { try writer.write(name, bytes: $0) } }
    try writer.finish()
  }

  private func bytes(_ values: Float...) -> [UInt8] { values.flatMap { withUnsafeBytes(of: $0, Array.init) } }

  // MARK: diff

  @Test("checkpoints that are the same are said to be, with status 0")
  func same() throws {
    for size in ["100GB", "1KB"] {
      _ = try run("init", model("transformer"), "-o", "\(size).safetensors", "--shard-size", size)
    }
    let result = try run("diff", "100GB.safetensors", "1KB.safetensors.index.json")
    #expect(result.standardOutput == "the same: 12 tensors, 600 values, bit for bit\n")
    #expect(result.status == 0 && result.standardError == "")
    let json = try run("diff", "100GB.safetensors", "1KB.safetensors.index.json", "--json")
    #expect(json.standardOutput == #"{"equal":true,"tensors":12,"differences":[]}"# + "\n")
  }

  @Test("every kind of difference is told, with status 1")
  func different() throws {
    try write(
      "a.safetensors",
      [
        ("same", .f32, [2], bytes(1, 2)), ("values", .f32, [2, 3], bytes(1, 2, 3, 4, 5, 6)),
        ("shape", .f32, [2], bytes(0, 0)), ("dtype", .f32, [1], bytes(0)), ("gone", .u8, [3], [1, 2, 3]),
        ("zero", .f32, [1], bytes(0)), ("nan", .f32, [1], bytes(.nan)), ("count", .i64, [], [9, 0, 0, 0, 0, 0, 0, 0]),
      ])
    try write(
      "b.safetensors",
      [
        ("same", .f32, [2], bytes(1, 2)), ("values", .f32, [2, 3], bytes(1, 2, 3, 4, 5.5, 5.75)),
        ("shape", .f32, [1, 2], bytes(0, 0)), ("dtype", .i32, [1], bytes(0)), ("new", .u8, [], [1]),
        ("zero", .f32, [1], bytes(-0.0)), ("nan", .f32, [1], bytes(.nan)),
        ("count", .i64, [], [7, 0, 0, 0, 0, 0, 0, 0]),
      ])
    let result = try run("diff", "a.safetensors", "b.safetensors")
    #expect(
      result.standardOutput == """
        count: 1 of 1 value differs, by at most 2; the first at []: 9, 7
        dtype: dtype F32 and I32
        gone: only in a.safetensors (U8 3)
        new: only in b.safetensors (U8 scalar)
        shape: shape 2 and 1×2
        values: 2 of 6 values differ, by at most 0.5; the first at [1, 1]: 5, 5.5
        zero: 1 of 1 value differs; the first at [0]: 0, -0
        5 of 7 common tensors differ, 1 only in a.safetensors, 1 only in b.safetensors

        """)
    #expect(result.status == 1 && result.standardError == "")

    struct Report: Decodable {
      struct Difference: Decodable {
        var name: String
        var kind: String
        var differing: Int?
        var index: Int?
      }
      var equal: Bool
      var differences: [Difference]
    }
    let json = try run("diff", "a.safetensors", "b.safetensors", "--json")
    let report = try JSONDecoder().decode(Report.self, from: Data(json.standardOutput.utf8))
    #expect(json.status == 1 && !report.equal)
    #expect(
      report.differences.map { "\($0.name) \($0.kind) \($0.differing ?? 0) \($0.index ?? 0)" } == [
        "count values 1 0", "dtype dtype 0 0", "gone only-in-first 0 0", "new only-in-second 0 0", "shape shape 0 0",
        "values values 2 4", "zero values 1 0",
      ])
  }

  @Test("a difference far inside a large tensor is found at its place")
  func farInside() throws {
    var large = [UInt8](repeating: 0, count: 4 * 700_000)
    try write("a.safetensors", [("w", .f32, [700, 1000], large)])
    large.replaceSubrange(4 * 654_321..<4 * 654_322, with: bytes(2))
    try write("b.safetensors", [("w", .f32, [700, 1000], large)])
    #expect(
      try run("diff", "a.safetensors", "b.safetensors").standardOutput.hasPrefix(
        "w: 1 of 700,000 values differs, by at most 2; the first at [654, 321]: 0, 2\n"))
  }

  @Test("names cannot play with the terminal")
  func controlCharacters() throws {
    let header = #"{"a\u001b[2Jb":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#
    let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian, Array.init)
    _ = try folder.write(length + Array(header.utf8) + [1], to: "a.safetensors")
    try write("b.safetensors", [("b", .u8, [1], [1])])
    let result = try run("diff", "a.safetensors", "b.safetensors")
    #expect(result.standardOutput.hasPrefix("a\\u{1b}[2Jb: only in a.safetensors (U8 1)\n"))
  }

  @Test("a file that cannot be read is an error, not a difference")
  func unreadable() throws {
    try write("a.safetensors", [("w", .u8, [1], [1])])
    _ = try folder.write([1, 2, 3], to: "b.safetensors")
    #expect(try run("diff", "a.safetensors", "missing.safetensors").status == 66)
    #expect(try run("diff", "b.safetensors", "a.safetensors").status == 65)
  }

  @Test("PyTorch's own files are called what they are, with what to do instead")
  func torchFiles() throws {
    try write("a.safetensors", [("w", .u8, [1], [1])])
    // What torch.save wrote before PyTorch 1.6.
    _ = try folder.write(
      [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19], to: "w.pt")
    for (file, kind) in [("w.pt", "a checkpoint of torch.save"), (model("gpt"), "a PyTorch program")] {
      for arguments in [["diff", "a.safetensors", file], ["verify", file, "--plan", model("gpt")]] {
        let result = try TestSupport.run(idinitBinary, arguments, in: folder.url)
        #expect(result.status == 65)
        #expect(result.standardError.hasPrefix("Error: \(file): this is \(kind), not safetensors"))
        #expect(result.standardError.contains("safetensors.torch.save_file"))
        #expect(result.standardError.filter { $0 == "\n" }.count == 1)
      }
    }
  }

  // MARK: verify

  @Test("what init writes is as planned, whatever was asked for; its metadata says what that was")
  func written() throws {
    for (name, arguments) in [
      ("resnet-train", []), ("gpt", ["--method", "kaiming", "--seed", "5"]), ("meta", ["--embedding-std", "0.02"]),
      ("transformer", ["--dtype", "bf16", "--epsilon", "1e-3", "--gain", "2"]),
      ("lstm", ["--method", "orthogonal", "--dtype", "fp16"]), ("strided", []),
      ("resnet-meta", ["--method", "zero-gamma"]),
      ("encoder-meta", ["--set", "layers.*.up.weight=normal,std=0.5", "--keep", "layers.1.*", "--shard-size", "9KB"]),
    ] {
      _ = try TestSupport.run(
        idinitBinary, ["init", model(name), "-o", "w.safetensors"] + arguments, in: folder.url)
      let file = arguments.contains("--shard-size") ? "w.safetensors.index.json" : "w.safetensors"
      let result = try run("verify", file, "--plan", model(name))
      #expect(result.status == 0 && result.standardError == "", "\(name): \(result.standardError)")
      #expect(result.standardOutput.hasPrefix("as planned: "), "\(name): \(result.standardOutput)")
      #expect(result.standardOutput.hasSuffix(", as its metadata says\n"))
      #expect(result.standardOutput.filter { $0 == "\n" }.count == 1)
    }
  }

  @Test("what is not as planned is told with the first wrong index, and status 1")
  func wrong() throws {
    _ = try run("init", model("resnet-train"), "-o", "w.safetensors")
    let file = try SafetensorsFile(path: folder.path("w.safetensors"))
    var tensors = try file.tensors.map { ($0.name, $0.dtype, $0.shape, try file.bytes(of: $0.name)) }
    for index in tensors.indices {
      switch tensors[index].0 {
      case "head.weight": tensors[index].3.replaceSubrange(20..<24, with: bytes(0.25))
      case "head.bias": tensors[index].2 = [1, 3]
      case "blocks.0.bn1.weight": tensors[index].3.replaceSubrange(0..<4, with: bytes(7))
      case "stem.bias": tensors[index].0 = "stem.extra"
      default: break
      }
    }
    try write("w.safetensors", tensors)
    let result = try run("verify", "w.safetensors", "--plan", model("resnet-train"))
    #expect(result.status == 1 && result.standardError == "")
    #expect(
      result.standardOutput == """
        stem.bias: missing (zero)
        blocks.0.bn1.weight: 1 of 4 values differs, by at most 6; the first at [0]: 7, planned 1 (kept)
        head.weight: 1 of 12 values differs, by at most 0.25; the first at [1, 1]: 0.25, planned 1e-06 (IDIZ ε 1e-6)
        head.bias: shape 1×3, the model's is 3
        stem.extra: not in the model (F32 4)
        4 of 20 tensors not as planned, 1 not in the model: IDInit (τ 1, ε 1e-6) of resnet-train.pt2, seed 0

        """)
  }

  @Test("options that are given count more than the file's metadata")
  func options() throws {
    _ = try run("init", model("transformer"), "-o", "w.safetensors", "--method", "kaiming", "--seed", "5")
    #expect(try run("verify", "w.safetensors", "--plan", model("transformer"), "--seed", "5").status == 0)
    #expect(try run("verify", "w.safetensors", "--plan", model("transformer"), "--seed", "6").status == 1)
    #expect(try run("verify", "w.safetensors", "--plan", model("transformer"), "--method", "idinit").status == 1)
  }

  @Test("a checkpoint of somebody else's may hold what it likes where the model has no values")
  func unchecked() throws {
    _ = try run("init", model("encoder-meta"), "-o", "w.safetensors", "--embedding-std", "0.5")
    let file = try SafetensorsFile(path: folder.path("w.safetensors"))
    let tensors = try file.tensors.map { ($0.name, $0.dtype, $0.shape, try file.bytes(of: $0.name)) }
    try write("other.safetensors", tensors)
    let result = try run("verify", "other.safetensors", "--plan", model("encoder-meta"))
    #expect(result.status == 0)
    #expect(
      result.standardOutput
        == "as planned: 70 tensors (20 kept ones not checked: the model has no values), IDInit (τ 1, ε 1e-6) of "
        + "encoder-meta.pt2, seed 0\n")
    let all = try run("verify", "other.safetensors", "--plan", model("encoder-meta"), "--all")
    #expect(all.standardOutput.filter { $0 == "\n" }.count == 71)
    #expect(all.standardOutput.contains("layers.2.up.weight: as planned (IDI τ 1)\n"))
    #expect(all.standardOutput.contains("tokens.weight: not checked, the model has no values (kept: normal std 1)\n"))
  }
}
