import Datasets

/// Data sets by their names, each read once a command.
public final class DataShelf {
  private var datasets: [String: any RecordedData]

  /// A shelf with the data sets that are read already.
  public init(_ datasets: [any RecordedData] = []) {
    self.datasets = Dictionary(datasets.map { ($0.name, $0) }) { first, _ in first }
  }

  /// - Parameters:
  ///   - name: One of ``names``.
  ///   - folder: Where to look; nil looks in the usual places.
  /// - Returns: The set, the same one every time.
  /// - Throws: `DatasetError` if it is not there or not as it should be; `LabError` for a name that is none.
  func dataset(_ name: String, folder: String?) throws -> any RecordedData {
    if let dataset = datasets[name] { return dataset }
    let locator = DatasetLocator(data: folder)
    guard let load = Self.known.first(where: { $0.key == name })?.value else {
      throw LabError(.configuration, "there is no data set \(name); known: \(Self.names.joined(separator: ", "))")
    }
    let dataset = try load(locator)
    datasets[name] = dataset
    return dataset
  }

  /// A data set of a kind.
  ///
  /// - Parameters:
  ///   - name: One of those that there are.
  ///   - what: What it is a set of, for the error: `images`.
  ///   - folder: Where to look; nil looks in the usual places.
  /// - Returns: The set, the same one every time.
  /// - Throws: `DatasetError` if it is not there or not as it should be; `LabError` for a name that is none, or a set of
  ///   something else.
  public func dataset<Dataset: RecordedData>(_ name: String, of what: String, folder: String?) throws -> Dataset {
    guard let dataset = try dataset(name, folder: folder) as? Dataset else {
      throw LabError(.configuration, "the data set \(name) is none of \(what)")
    }
    return dataset
  }

  private static let known: KeyValuePairs<String, @Sendable (DatasetLocator) throws -> any RecordedData> = [
    "mnist": { try $0.mnist() }, "mnist-5k": { try $0.digits5000() }, "cifar10": { try $0.cifar10() },
    "sst2": { try $0.sst2() }, "sst5": { try $0.sst5() }, "trec6": { try $0.trec6() },
    "synthetic": { _ in try SyntheticDigits.make() }, "synthetic-colour": { _ in try SyntheticImages.colour() },
    "synthetic-sentences": { _ in try SyntheticSentences.make() },
  ]

  static var names: [String] { known.map(\.key) }
}
