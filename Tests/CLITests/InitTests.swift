import Foundation
import IDInit
import ModelFiles
import Testing
import TestSupport

struct InitTests {
  let folder: TemporaryFolder
  let out: String

  init() throws {
    folder = try TemporaryFolder()
    out = folder.path("out.safetensors")
  }

  @discardableResult
  private func initialise(_ name: String, _ arguments: String..., status: Int32 = 0) throws -> ProgramResult {
    let result = try run(idinitBinary, ["init", model(name), "-o", out] + arguments, in: folder.url)
    #expect(result.status == status, "\(name): \(result.standardError)")
    return result
  }

  @Test("what has a rule is what the plan says to the bit, what is kept is what the model has", arguments: allModels)
  func roundTrip(_ name: String) throws {
    guard name != "pickled" else { return }
    try initialise(name)
    let file = try SafetensorsFile(path: out)
    let program = try ExportedProgram(path: model(name))
    let plan = try InitializationPlan(IDInitScheme(), for: program.graph)
    let isMeta = name.hasSuffix("meta")
    let kept = isMeta ? nil : try stateDictionary(name)
    if let kept { #expect(Set(file.tensors.map(\.name)) == Set(kept.tensors.map(\.name))) }
    for tensor in program.tensors {
      guard let entry = file[tensor.name] else {
        // Only the model knows what this buffer holds.
        #expect(name == "resnet-meta" && tensor.name == "mean")
        continue
      }
      #expect(entry.shape == tensor.shape && entry.dtype == SafetensorsDType(tensor.dtype))
      let planned = plan[tensor.name]
      if let planned, planned.rule != nil {
        let type = try #require(ElementType(entry.dtype))
        var bytes = [UInt8](repeating: 0xFF, count: entry.byteCount)
        try bytes.withUnsafeMutableBytes { _ = try plan.fill(planned, into: $0, as: type) }
        #expect(try file.bytes(of: tensor.name) == bytes, "\(tensor.name)")
      } else if let kept {
        #expect(try file.bytes(of: tensor.name) == kept.bytes(of: tensor.name), "\(tensor.name)")
      }
    }
    #expect(try folder.contents == ["out.safetensors"])
  }

  @Test("a model without values gets PyTorch's own, and is told so")
  func meta() throws {
    let result = try initialise("resnet-meta")
    let file = try SafetensorsFile(path: out)
    #expect(try numbers(file, "layer1.0.bn2.weight") == Array(repeating: 1, count: 8))
    #expect(try numbers(file, "layer1.0.bn2.bias") == Array(repeating: 0, count: 8))
    #expect(try numbers(file, "layer1.0.bn2.running_mean") == Array(repeating: 0, count: 8))
    #expect(try numbers(file, "layer1.0.bn2.running_var") == Array(repeating: 1, count: 8))
    #expect(try numbers(file, "layer1.0.bn2.num_batches_tracked") == [0])
    #expect(file["mean"] == nil)
    for part in [
      "36 kept parameters had no values in the model file", "norms 1 and 0", "54 buffers had none either",
      "1 buffer without values left out", "(mean)", "strict=False",
    ] { #expect(result.standardOutput.contains(part), "\(result.standardOutput)") }

    try initialise("encoder-meta")
    let embeddings = try numbers(try SafetensorsFile(path: out), "tokens.weight")
    // 800 draws of N(0, 1): their standard deviation has a standard error of 1/40.
    #expect(abs(Moments(embeddings).variance.squareRoot() - 1) < 5.0 / 40)
    let narrow = try initialise("encoder-meta", "--embedding-std", "0.02")
    #expect(narrow.standardOutput.contains("embeddings N(0, 0.02²)"))
    let scaled = try numbers(try SafetensorsFile(path: out), "tokens.weight")
    #expect(zip(embeddings, scaled).allSatisfy { abs($0 * 0.02 - $1) < 1e-8 })
  }

  @Test("tied parameters are there under each name, with the same values", arguments: ["gpt", "meta", "reused"])
  func tied(_ name: String) throws {
    for method in ["idinit", "kaiming"] {
      try initialise(name, "--method", method)
      let file = try SafetensorsFile(path: out)
      let program = try ExportedProgram(path: model(name))
      let ties = program.tensors.compactMap { tensor in tensor.tiedTo.map { (tensor.name, $0) } }
      #expect(!ties.isEmpty)
      for (alias, original) in ties { #expect(try file.bytes(of: alias) == file.bytes(of: original)) }
    }
  }

  @Test(
    "--dtype converts all floating-point numbers, each rounded once, and nothing else",
    arguments: ["bf16", "float16", "float64", "float32"])
  func dtype(_ dtype: String) throws {
    try initialise("resnet-train", "--dtype", dtype)
    let file = try SafetensorsFile(path: out)
    let kept = try stateDictionary("resnet-train")
    let type = try #require(["bf16": .bf16, "float16": .f16, "float64": .f64, "float32": SafetensorsDType.f32][dtype])
    let plan = try InitializationPlan(IDInitScheme(), for: ExportedProgram(path: model("resnet-train")).graph)
    for entry in file.tensors {
      let before = try kept.tensor(entry.name)
      guard before.dtype == .f32 else {
        #expect(entry.dtype == before.dtype)
        #expect(try file.bytes(of: entry.name) == kept.bytes(of: entry.name))
        continue
      }
      #expect(entry.dtype == type)
      guard plan[entry.name]?.rule == nil else { continue }
      let expected = try numbers(kept, entry.name).map { value in
        switch type {
        case .bf16: BFloat16(rounding: value).asDouble
        case .f16: Half(rounding: value).asDouble
        default: value
        }
      }
      #expect(try numbers(file, entry.name) == expected, "\(entry.name)")
    }
    // A model of 16-bit numbers, widened: exact.
    try initialise("bfloat16", "--dtype", "float32")
    let wide = try SafetensorsFile(path: out)
    let narrow = try stateDictionary("bfloat16")
    #expect(try numbers(wide, "norm1.weight") == numbers(narrow, "norm1.weight"))
    #expect(wide["norm1.weight"]?.dtype == .f32)
  }

  @Test("the file says how it was made")
  func metadata() throws {
    try initialise(
      "resnet-train", "--seed", "7", "--epsilon", "1e-4", "--set", "head.*=zero", "--keep", "stem.*", "--dtype", "fp16")
    let metadata = try SafetensorsFile(path: out).metadata
    let version = try idinit("--version").standardOutput.trimmingCharacters(in: .newlines)
    #expect(
      metadata == [
        "format": "pt", "idinit.method": "idinit", "idinit.seed": "7", "idinit.version": version,
        "idinit.model": "resnet-train.pt2",
        "idinit.options": #"{"overrides":["set head.*=zero","keep stem.*"],"epsilon":0.0001,"dtype":"float16"}"#,
      ])
  }

  @Test("the bytes depend on the seed, not on the threads, the form of the export or the run")
  func reproducible() throws {
    func bytes(_ name: String, _ arguments: String...) throws -> [UInt8] {
      let result = try run(idinitBinary, ["init", model(name), "-o", out, "-q"] + arguments)
      #expect(result.status == 0 && result.standardOutput == "" && result.standardError == "")
      return [UInt8](try Data(contentsOf: URL(fileURLWithPath: out)))
    }
    for method in ["kaiming", "orthogonal"] {
      let once = try bytes("lstm", "--method", method, "--threads", "1")
      #expect(try bytes("lstm", "--method", method, "--threads", "5") == once)
      #expect(try bytes("lstm", "--method", method) == once)
      #expect(try bytes("lstm", "--method", method, "--seed", "1") != once)
    }
    let file = try [("resnet-eval", "a"), ("resnet-decomposed", "b")].map { name, _ in
      _ = try bytes(name)
      return try SafetensorsFile(path: out).bytes(of: "stem.weight")
    }
    #expect(file[0] == file[1])
  }

  @Test("--without-kept writes only what has a rule")
  func withoutKept() throws {
    let result = try initialise("resnet-train", "--without-kept")
    let file = try SafetensorsFile(path: out)
    let plan = try plannedJSON(model("resnet-train"))
    #expect(Set(file.tensors.map(\.name)) == Set(plan.parameters.filter { $0.rule != "kept" }.map(\.name)))
    #expect(result.standardOutput.contains("strict=False"))
    // What cannot be read need not be.
    try initialise("pickled", "--without-kept")
    #expect(try SafetensorsFile(path: out).tensors.map(\.name) == ["1.bias", "1.weight"])
  }

  @Test("shards hold the same tensors as one file, and appear under Hugging Face's names")
  func shards() throws {
    try initialise("transformer")
    let whole = try SafetensorsFile(path: out)
    let result = try initialise("transformer", "--shard-size", "1KB")
    let index = out + ".index.json"
    let checkpoint = try SafetensorsCheckpoint(path: index)
    let names = (1...checkpoint.files.count).map { "out-0000\($0)-of-0000\(checkpoint.files.count).safetensors" }
    #expect(checkpoint.files.count > 1)
    #expect(try folder.contents == (names + ["out.safetensors", "out.safetensors.index.json"]).sorted())
    for entry in whole.tensors {
      var bytes = [UInt8](repeating: 0, count: entry.byteCount)
      try bytes.withUnsafeMutableBytes { try checkpoint.read(entry.name, into: $0) }
      #expect(try bytes == whole.bytes(of: entry.name))
    }
    #expect(checkpoint.tensors.count == whole.tensors.count)
    #expect(checkpoint.files.allSatisfy { $0.header.dataByteCount <= 1000 || $0.tensors.count == 1 })
    let words = result.standardOutput.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(words.contains("out.safetensors.index.json and \(checkpoint.files.count) shards"))
    #expect(
      result.standardOutput.contains(
        "glob.glob(\"\(folder.path("out-*-of-0000\(checkpoint.files.count).safetensors"))\")"))
  }

  @Test("shards of another size replace those that the old index names, and no file of anybody else's")
  func fewerShards() throws {
    try initialise("transformer", "--shard-size", "400")
    let many = try folder.contents
    #expect(many.filter { $0.hasPrefix("out-0") }.count > 4)
    // What looks like a shard but is none of ours, and what no index names.
    let foreign = try SafetensorsWriter(path: folder.path("out-00099-of-00099.safetensors"), tensors: [("w", .u8, [1])])
    try foreign.write("w") { try $0.appendZeros(1) }
    try foreign.finish()
    _ = try folder.write([1], to: "notes.txt")
    let result = try initialise("transformer", "--shard-size", "1KB")
    let index = try SafetensorsCheckpoint(path: out + ".index.json")
    let shards = index.files.map { ($0.path as NSString).lastPathComponent }
    #expect(shards.count < many.count - 1)
    let others = ["notes.txt", "out-00099-of-00099.safetensors", "out.safetensors.index.json"]
    #expect(try folder.contents == (shards + others).sorted())
    #expect(result.standardOutput.contains("\(many.count - 1) files of an earlier run's shards removed"))
    // A single file in their place: the index goes with them.
    try initialise("transformer", "--shard-size", "1GB")
    #expect(try folder.contents == ["notes.txt", "out-00099-of-00099.safetensors", "out.safetensors"])
  }

  @Test("shards that somebody else's index names stay")
  func foreignShards() throws {
    let writer = try ShardedSafetensorsWriter(
      path: out, tensors: [("a", .u8, [4]), ("b", .u8, [4]), ("c", .u8, [4])], shardByteCount: 4)
    for shard in writer.shards { try shard.write(shard.header.tensors[0].name) { try $0.appendZeros(4) } }
    try writer.finish()
    try initialise("transformer")
    #expect(
      try folder.contents == (1...3).map { "out-0000\($0)-of-00003.safetensors" } + [
        "out.safetensors", "out.safetensors.index.json",
      ])
  }

  @Test("a size below that of a tensor is told: a shard holds at least one")
  func tinyShards() throws {
    let result = try initialise("transformer", "--shard-size", "1")
    let checkpoint = try SafetensorsCheckpoint(path: out + ".index.json")
    #expect(checkpoint.files.allSatisfy { $0.tensors.count == 1 })
    let words = result.standardOutput.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(words.contains("12 tensors are larger than --shard-size: a shard holds at least one whole tensor"))
    #expect(try !initialise("transformer", "--shard-size", "1GB").standardOutput.contains("larger than"))
  }

  @Test("a type that rounds the loose condition away is told of, by plan and by init; one that shows it is not")
  func lostLooseness() throws {
    for (name, arguments) in [
      ("transformer", ["--dtype", "bf16"]), ("bfloat16", []), ("transformer", ["--dtype", "fp16"]),
    ] {
      let result = try run(idinitBinary, ["init", model(name), "-o", out] + arguments, in: folder.url)
      let words = result.standardOutput.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
      let type = arguments.last == "fp16" ? "float16" : "bfloat16"
      #expect(words.contains("\(type) rounds the looseness of 1e-6 away in"), "\(words)")
      let step = arguments.last == "fp16" ? "0.0009766" : "0.007812"
      #expect(words.contains("--looseness \(step) or more"), "\(words)")
    }
    #expect(try plannedJSON(model("bfloat16")).notes.contains { $0.contains("the replica problem") })
    for arguments in [
      ["--dtype", "float32"], ["--dtype", "bf16", "--looseness", "0.01"], ["--method", "kaiming", "--dtype", "bf16"],
    ] {
      let result = try run(idinitBinary, ["init", model("transformer"), "-o", out] + arguments, in: folder.url)
      #expect(result.status == 0 && !result.standardOutput.contains("looseness of"), "\(result.standardOutput)")
    }
  }

  @Test("without -o the model's name is taken, and nothing that exists is replaced")
  func defaultOutput() throws {
    let first = try run(idinitBinary, ["init", model("gpt")], in: folder.url)
    #expect(first.status == 0)
    #expect(first.standardOutput.contains("model.load_state_dict(safetensors.torch.load_file(\"gpt.safetensors\"))"))
    #expect(try folder.contents == ["gpt.safetensors"])
    let second = try run(idinitBinary, ["init", model("gpt")], in: folder.url)
    #expect(second.status == 73)
    #expect(second.standardError == "Error: gpt.safetensors exists; to replace it say so: -o gpt.safetensors\n")
    #expect(try run(idinitBinary, ["init", model("gpt"), "-o", "gpt.safetensors"], in: folder.url).status == 0)
  }

  @Test("a run that is killed leaves nothing", arguments: [[], ["--shard-size", "10GB"]])
  func killed(_ arguments: [String]) throws {
    let program = try BackgroundProgram(
      idinitBinary, ["init", model("huge-meta"), "-o", out, "--method", "kaiming"] + arguments)
    // 34 GB of random numbers take longer than this.
    usleep(300_000)
    #expect(program.isRunning)
    let result = try program.end(by: SIGKILL)
    #expect(result.signal == SIGKILL)
    // Where the file system has files without a name, nothing stays at all.
    #expect(try folder.contents.allSatisfy { $0.hasPrefix(".idinit-") && $0.hasSuffix(".tmp") })
  }

  @Test("a file that does not fit leaves the old one and nothing else")
  func fullDisk() throws {
    _ = try folder.write([1, 2, 3], to: "out.safetensors")
    // The shell's file size limit stands for a full disk: 8 blocks, and 40 kB to be written.
    for arguments in ["", "--shard-size 20KB"] {
      let script =
        "trap '' XFSZ; ulimit -f 8; '\(idinitBinary.path)' init '\(model("encoder-meta"))' -o '\(out)' \(arguments); echo $?"
      let result = try run(URL(fileURLWithPath: "/bin/sh"), ["-c", script])
      #expect(result.standardOutput == "74\n")
      #expect(result.standardError.hasSuffix("cannot write: File too large\n"), "\(result.standardError)")
      #expect(result.standardError.split(separator: "\n").count == 1)
      #expect(try folder.contents == ["out.safetensors"])
      #expect(try Data(contentsOf: URL(fileURLWithPath: out)) == Data([1, 2, 3]))
    }
  }
}
