/// Well-formed UTF-8, as table 3-7 of the Unicode Standard has it: no overlong forms, no surrogates, nothing above U+10FFFF.
enum UTF8Check {
  /// - Returns: The index of the first byte of the first sequence that is not well-formed; `nil` if all are.
  static func firstInvalid(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    let count = bytes.count
    var index = 0
    while index < count {
      let lead = bytes[index]
      if lead < 0x80 {
        index &+= 1
        continue
      }
      let (length, least, most): (Int, UInt8, UInt8)
      switch lead {
      case 0xC2...0xDF: (length, least, most) = (2, 0x80, 0xBF)
      case 0xE0: (length, least, most) = (3, 0xA0, 0xBF)
      case 0xED: (length, least, most) = (3, 0x80, 0x9F)
      case 0xE1...0xEF: (length, least, most) = (3, 0x80, 0xBF)
      case 0xF0: (length, least, most) = (4, 0x90, 0xBF)
      case 0xF1...0xF3: (length, least, most) = (4, 0x80, 0xBF)
      case 0xF4: (length, least, most) = (4, 0x80, 0x8F)
      default: return index
      }
      guard length <= count - index, (least...most).contains(bytes[index + 1]) else { return index }
      for next in 2..<max(length, 2) where bytes[index + next] & 0xC0 != 0x80 { return index }
      index &+= length
    }
    return nil
  }
}
