import Datasets
import Foundation
import Torch

/// How runs are made here: where to, with what, watched by whom. None of it changes what is measured, but for the last
/// bits of floating-point sums, which depend on threads and device (see ``EnvironmentRecord``).
public struct RunOptions {
  /// The folder that record folders go to.
  public var out: URL
  /// Threads of the engine; nil leaves the engine's choice.
  public var threads: Int?
  /// Where tensors live.
  public var device: Device = .cpu
  /// The folder to look for data in; nil looks in the usual places.
  public var dataFolder: String?
  /// Data sets that are already read, which are not looked for.
  public var datasets: [ImageDataset] = []
  /// The least time between two checkpoints of a run, in seconds. A kill loses at most this much work.
  public var checkpointSeconds = 5.0
  /// Whether to stop.
  public var stop: StopSignal = .never
  /// Who is told how it goes.
  public var progress: any ProgressReporter = SilentProgress()
  /// Whether each run's folder gets an event file that TensorBoard reads, beside its metrics and made from them.
  public var tensorBoard = false
  /// Who runs, for `environment.json`.
  public var command: [String] = []

  /// Options with their defaults, for records in this folder.
  public init(out: URL) { self.out = out }
}

/// What a run has at hand while it runs.
public final class RunContext {
  /// What is to be done.
  public let run: PlannedRun
  /// Where it is written down.
  public let record: RunRecord
  /// How it is done.
  public let options: RunOptions
  let index: Int
  let total: Int
  private let shelf: DataShelf

  init(run: PlannedRun, record: RunRecord, options: RunOptions, index: Int, total: Int, shelf: DataShelf) {
    self.run = run
    self.record = record
    self.options = options
    self.index = index
    self.total = total
    self.shelf = shelf
  }

  /// Where tensors live.
  public var device: Device { options.device }
  /// Whether to stop.
  public var stop: StopSignal { options.stop }

  /// A data set, read once a command, and noted in the run's environment with its digest.
  /// - Throws: `LabError` if a run that goes on was started on other data.
  public func dataset(_ name: String) throws -> ImageDataset {
    let dataset = try shelf.dataset(name, folder: options.dataFolder)
    try EnvironmentRecord.note(dataset, in: record)
    return dataset
  }

  /// Tells whoever watches, TensorBoard too.
  public func report(_ moment: ProgressEvent.Moment, _ fill: (inout ProgressEvent) -> Void = { _ in }) {
    var event = ProgressEvent(moment, run: run.name)
    event.index = index
    event.total = total
    fill(&event)
    options.progress.report(event)
    // A file that cannot be written is told of at the run's end; what is measured does not wait for it.
    if moment == .milestone { try? updateEvents() }
  }

  /// Brings the event file up to the metrics, if one is wanted.
  func updateEvents() throws(LabError) {
    if options.tensorBoard { try EventFile.update(record) }
  }

  /// A table of this run's own, beside its record.
  public func write(_ table: ResultTable, as name: String) throws(LabError) {
    try record.write(Data(table.csv.utf8), as: name)
  }
}

/// Data sets, each read once.
public final class DataShelf {
  private var datasets: [String: ImageDataset]

  /// A shelf with the data sets that are read already.
  public init(_ datasets: [ImageDataset] = []) {
    self.datasets = Dictionary(datasets.map { ($0.name, $0) }) { first, _ in first }
  }

  /// A data set by the name that recipes know it by.
  ///
  /// - Parameters:
  ///   - name: `mnist`, `mnist-5k`, `cifar10`, or one that is made here.
  ///   - folder: Where to look for it; nil looks in the usual places.
  /// - Returns: The data set.
  /// - Throws: `LabError` for an unknown name, `DatasetError` where it is not found or broken.
  public func dataset(_ name: String, folder: String?) throws -> ImageDataset {
    if let dataset = datasets[name] { return dataset }
    let locator = DatasetLocator(data: folder)
    guard let load = Self.known.first(where: { $0.key == name })?.value else {
      throw LabError(.configuration, "there is no data set \(name); known: \(Self.names.joined(separator: ", "))")
    }
    let dataset = try load(locator)
    datasets[name] = dataset
    return dataset
  }

  private static let known: KeyValuePairs<String, @Sendable (DatasetLocator) throws -> ImageDataset> = [
    "mnist": { try $0.mnist() }, "mnist-5k": { try $0.digits5000() }, "cifar10": { try $0.cifar10() },
    "synthetic": { _ in try SyntheticDigits.make() }, "synthetic-colour": { _ in try SyntheticImages.colour() },
  ]

  static var names: [String] { known.map(\.key) }
}
