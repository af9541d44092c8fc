/// A count in the unit that people say it in: 25.6 M, 7.2 B, 1,234.
func quantity(_ count: Int) -> String {
  switch count {
  case ..<10_000: grouped(count)
  case ..<1_000_000: "\(threeDigits(Double(count) / 1e3)) k"
  case ..<1_000_000_000: "\(threeDigits(Double(count) / 1e6)) M"
  default: "\(threeDigits(Double(count) / 1e9)) B"
  }
}

/// A number of bytes in powers of ten, as disks are sold: 437.9 MB.
func byteText(_ count: Int) -> String {
  let number = Double(count)
  return switch count {
  case ..<1000: "\(count) bytes"
  case ..<1_000_000: "\(threeDigits(number / 1e3)) kB"
  case ..<1_000_000_000: "\(threeDigits(number / 1e6)) MB"
  case ..<1_000_000_000_000: "\(threeDigits(number / 1e9)) GB"
  default: "\(threeDigits(number / 1e12)) TB"
  }
}

/// One decimal below 1000.
private func threeDigits(_ value: Double) -> String {
  let text = fixed(value, decimals: 1)
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

/// Seconds as people say them: 8 s, 3 min 20 s, 2 h 05 min.
func durationText(_ seconds: Double) -> String {
  guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "?" }
  let whole = Int(seconds.rounded())
  func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
  if whole < 60 { return "\(whole) s" }
  if whole < 3600 { return "\(whole / 60) min \(two(whole % 60)) s" }
  return "\(whole / 3600) h \(two(whole / 60 % 60)) min"
}

/// `1 block`, `3 blocks`.
func counted(_ count: Int, _ noun: String, plural: String? = nil) -> String {
  "\(grouped(count)) \(count == 1 ? noun : plural ?? noun + "s")"
}
