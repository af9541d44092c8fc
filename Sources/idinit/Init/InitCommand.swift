import ArgumentParser
import IDInit
import ModelFiles

/// `idinit init MODEL.pt2 -o OUT.safetensors`: writes the weights that the plan says.
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write the weights that a PyTorch model starts from, as safetensors.",
    usage: "idinit init MODEL.pt2 [-o OUT.safetensors] [options]",
    discussion: """
      MODEL.pt2 is what torch.export.save(torch.export.export(model, args), "MODEL.pt2") writes. In Python, \
      model.load_state_dict(safetensors.torch.load_file("OUT.safetensors")) takes what is written.

      What the plan keeps is copied from the model file bit for bit. The file appears whole or not at all, and \
      replaces one that is there. Memory does not depend on the model's size, except that an orthogonal matrix is \
      made as a whole.

      Examples:
        idinit init resnet50.pt2
        idinit init bert.pt2 -o init.safetensors --seed 3
        idinit init llama.pt2 -o model.safetensors --dtype bf16 --shard-size 5GB
      """)

  @Argument(help: ArgumentHelp("The model, as torch.export saves it.", valueName: "MODEL.pt2"), completion: .models)
  var model: String
  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp(
      "Where to write (default: the model's name with .safetensors, in this folder, unless that exists).",
      valueName: "FILE"), completion: .file(extensions: ["safetensors"]))
  var output: String?
  @Option(help: "Element type of all floating-point tensors, kept ones too (default: the model's).")
  var dtype: ElementType?
  @Option(
    help: ArgumentHelp(
      "Write files of at most this size (5GB, 500MB) and an index, as Hugging Face does. A larger tensor has a file of its own.",
      valueName: "size"))
  var shardSize: ByteCount?
  @Flag(help: "Write only the parameters that have a rule.")
  var withoutKept = false
  @Option(help: "How many threads (default: one a processor). The bytes do not depend on it.")
  var threads: Int?
  @Flag(name: [.customShort("q"), .long], help: "Print nothing but errors.")
  var quiet = false
  @OptionGroup(title: "Planning") var planning: PlanningArguments

  func run() throws {
    if let threads, threads < 1 { throw Failure.usage("--threads is \(threads); expected at least 1") }
    if withoutKept, planning.embeddingStd != nil {
      throw Failure.usage("--embedding-std does nothing with --without-kept: embeddings are not written then")
    }
    let path = try OutputPath.checked(output, model: model)
    let planned = try PlannedModel(path: model, planning.choices)
    let checkpoint = try InitialCheckpoint(planned, as: dtype, withKept: !withoutKept)
    guard !checkpoint.tensors.isEmpty else { throw Failure.data("\(model): there is nothing to write") }

    let written: WrittenFiles
    do {
      written = try write(checkpoint, to: path, planned)
    } catch let error as SafetensorsError {
      throw OutputPath.explained(error, byteCount: checkpoint.byteCount)
    }
    if !quiet {
      let out = Output()
      let summary = InitSummary(checkpoint, written, output: path, isPartial: withoutKept)
      for line in summary.lines(terminal: .standardOutput()) { try out.line(line) }
      try out.flush()
    }
  }

  /// What was written, for the summary.
  struct WrittenFiles {
    var paths: [String]
    var indexPath: String?
    var byteCount: Int
    var seconds: Double
    /// Shards of an earlier run that went, and those that could not be removed.
    var removed: [String] = []
    var left: [String] = []
    /// How many tensors are larger than a shard was to be.
    var larger = 0
  }

  private func write(_ checkpoint: InitialCheckpoint, to path: String, _ planned: PlannedModel) throws -> WrittenFiles {
    if let limit = shardSize?.bytes {
      try OutputPath.allowFiles(min(checkpoint.tensors.count, checkpoint.byteCount / limit * 2 + 1))
    }
    let writer = try ShardedSafetensorsWriter(
      path: path, tensors: checkpoint.tensors.map { ($0.name, $0.written, $0.shape) },
      metadata: InitMetadata(planned.choices, dtype: dtype, withoutKept: withoutKept, model: planned.name)
        .fields,
      shardByteCount: shardSize?.bytes, ownKey: InitMetadata.ownKey)
    let threads = threads ?? processorCount()
    let progress = Progress("writing \(shortened(fileName(path), to: 24))", total: writer.dataByteCount, isQuiet: quiet)
    defer { progress.end() }
    var tensors = [String: InitialCheckpoint.Tensor]()
    for tensor in checkpoint.tensors { tensors[tensor.name] = tensor }
    let sources = tensors

    for shard in writer.shards {
      let names = shard.header.tensors.map(\.name)
      for name in names {
        guard let tensor = sources[name], tensor.isMadeWhole else { continue }
        try shard.write(name, pieceByteCount: max(8, tensor.byteCount)) { bytes, _ in
          try checkpoint.fill(tensor, as: tensor.elementType, range: 0..<tensor.count, into: bytes, threads: threads)
          progress.advance(by: bytes.count)
        }
      }
      try shard.writePieces(of: names.filter { sources[$0]?.isMadeWhole == false }, threads: threads) {
        entry, range, bytes in
        guard let tensor = sources[entry.name] else { return }
        let size = entry.dtype.bitCount / 8
        let elements = range.lowerBound / size..<range.upperBound / size
        try checkpoint.fill(tensor, as: tensor.elementType, range: elements, into: bytes)
        progress.advance(by: bytes.count)
      }
    }
    try writer.finish()
    return WrittenFiles(
      paths: writer.shards.map(\.path), indexPath: writer.indexPath, byteCount: writer.dataByteCount,
      seconds: progress.seconds, removed: writer.removed, left: writer.left,
      larger: shardSize.map { limit in checkpoint.tensors.filter { $0.byteCount > limit.bytes }.count } ?? 0)
  }
}
