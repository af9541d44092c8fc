import ArgumentParser

/// A number of bytes as people write it: 5GB, 500MB, 2GiB, 1048576. Powers of ten, as Hugging Face counts, except
/// where an `i` asks for powers of two.
struct ByteCount: ExpressibleByArgument, Equatable {
  var bytes: Int

  private static let units: [String: Int] = [
    "": 1, "b": 1, "kb": 1_000, "mb": 1_000_000, "gb": 1_000_000_000, "tb": 1_000_000_000_000,
    "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40,
  ]

  init?(argument: String) {
    let digits = argument.prefix { $0.isASCII && $0.isNumber }
    let unit = argument[digits.endIndex...].drop { $0 == " " }.lowercased()
    guard let number = Int(digits), let factor = Self.units[unit] else { return nil }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: factor)
    guard !overflow, bytes > 0 else { return nil }
    self.bytes = bytes
  }
}
