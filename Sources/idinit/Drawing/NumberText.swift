#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A number in at most `digits` significant digits, as short as it goes: 1, 1.414, -1e-6, 0.0625.
func short(_ value: Double, digits: Int = 4) -> String {
  if value == 0 || !value.isFinite { return value == 0 ? "0" : "\(value)" }
  let magnitude = Int(log10(abs(value)).rounded(.down))
  // Rounded to the digits first; scaling by a power of ten is exact enough for what is shown.
  func rounded(decimals: Int) -> String { fixed(value, decimals: max(0, decimals)) }
  if -4..<7 ~= magnitude {
    var text = rounded(decimals: digits - 1 - magnitude)
    if text.contains(".") {
      while text.hasSuffix("0") { text.removeLast() }
      if text.hasSuffix(".") { text.removeLast() }
    }
    return text
  }
  var exponent = magnitude
  var mantissa = short(scaled(value, by: -exponent), digits: digits)
  if mantissa == "10" || mantissa == "-10" {
    exponent += 1
    mantissa = mantissa.hasPrefix("-") ? "-1" : "1"
  }
  return "\(mantissa)e\(exponent)"
}

/// value · 10^power. In two steps, since 10^±324 is no double but the product may be.
func scaled(_ value: Double, by power: Int) -> Double {
  value * pow(10, Double(power / 2)) * pow(10, Double(power - power / 2))
}

/// A number with this many digits after the point.
func fixed(_ value: Double, decimals: Int) -> String {
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: 400) { buffer in
    guard let start = buffer.baseAddress else { return "" }
    let count = withVaList([Int32(decimals), value]) { vsnprintf(start, buffer.count, "%.*f", $0) }
    return String(decoding: UnsafeRawBufferPointer(start: start, count: min(Int(count), 399)), as: UTF8.self)
  }
}

/// A count with its thousands parted: 589,824.
func grouped(_ count: Int) -> String {
  var text = ""
  for (index, digit) in String(count).reversed().enumerated() {
    if index > 0, index % 3 == 0 { text = "," + text }
    text = "\(digit)" + text
  }
  return text
}

/// How the cells of one drawing show their numbers.
///
/// A weight of few distinct values (an identity) shows each as short as it goes; one of many shows all in the same
/// number of decimals, so that points stand below each other.
struct CellFormat {
  private var digits: Int
  private var decimals: Int?
  private var exponent = 0
  private(set) var width = 1

  /// `values` are the numbers to be shown.
  init(_ values: [Double], digits: Int) {
    self.digits = digits
    let shown = Set(values.filter { $0 != 0 }.map { short($0, digits: digits) })
    if shown.count > 6, let largest = values.map(abs).max(), largest > 0, largest.isFinite {
      let magnitude = Int(log10(largest).rounded(.down))
      // Below 1e-3 and from 1e5 on, cells are in units of a power of ten that the drawing names once.
      if !(-3..<5 ~= magnitude) { exponent = magnitude }
      decimals = max(0, digits - 2 - (magnitude - exponent))
    }
    width = values.reduce(1) { max($0, text($1).count) }
  }

  /// "× 1e-6" where the cells are in such units.
  var unit: String? { exponent == 0 ? nil : "1e\(exponent)" }

  func text(_ value: Double) -> String {
    if value == 0 { return "·" }
    guard let decimals else { return short(value, digits: digits) }
    return fixed(exponent == 0 ? value : scaled(value, by: -exponent), decimals: decimals)
  }

  func style(_ value: Double) -> Style { value == 0 ? .faint : value > 0 ? .positive : .negative }
}
