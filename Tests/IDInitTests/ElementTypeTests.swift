import Foundation
import Testing

@testable import IDInit

@Suite struct ElementTypeTests {
  @Test func sizesAndNames() {
    #expect(ElementType.allCases.map(\.byteCount) == [4, 8, 2, 2])
    #expect(ElementType.allCases.map(\.safetensorsName) == ["F32", "F64", "F16", "BF16"])
    for type in ElementType.allCases { #expect(ElementType(safetensorsName: type.safetensorsName) == type) }
    #expect(ElementType(safetensorsName: "I8") == nil)
  }

  /// Every binary16 number goes to single precision and back, and points between two neighbours go to the nearer one,
  /// in the middle to the even one.
  @Test func halfRounding() {
    for bits in UInt16.min...0x7BFF {
      let value = Half(bitPattern: bits).float
      #expect(Half(value).bitPattern == bits)
      #expect(Half(-value).bitPattern == bits | 0x8000)
      let next = bits == 0x7BFF ? 65536 : Half(bitPattern: bits + 1).float
      let middle = (value + next) / 2
      #expect(Half(middle).bitPattern == (bits & 1 == 0 ? bits : bits + 1))
      #expect(Half(middle.nextDown).bitPattern == bits)
      #expect(Half(middle.nextUp).bitPattern == bits + 1)
    }
    #expect(Half(.infinity).bitPattern == 0x7C00)
    #expect(Half(-.infinity).bitPattern == 0xFC00)
    #expect(Half(1e30 as Float).bitPattern == 0x7C00)
    #expect(Half(Float.nan).float.isNaN)
    #expect(Half(Float.leastNonzeroMagnitude).bitPattern == 0)
    #expect(Half(rounding: 1).bitPattern == 0x3C00)
    #expect(Half(bitPattern: 1).float == 0x1p-24)
  }

  #if !(os(macOS) && arch(x86_64))
    @Test func halfAgreesWithFloat16() {
      for index in 0..<60_000 {
        let value = Float(bitPattern: 0x3300_0000 &+ UInt32(index) &* 4507)
        #expect(Half(value).bitPattern == Float16(value).bitPattern)
        let double = Double(value) * 1.000000001
        #expect(Half(rounding: double).bitPattern == Float16(double).bitPattern)
      }
    }
  #endif

  @Test func bfloat16Rounding() {
    for bits in stride(from: UInt16.min, through: 0x7F7E, by: 7) {
      let value = BFloat16(bitPattern: bits).float
      #expect(BFloat16(value).bitPattern == bits)
      let middle = Float(bitPattern: UInt32(bits) << 16 | 0x8000)
      #expect(BFloat16(middle).bitPattern == (bits & 1 == 0 ? bits : bits + 1))
      #expect(BFloat16(middle.nextDown).bitPattern == bits)
      #expect(BFloat16(middle.nextUp).bitPattern == bits + 1)
      #expect(BFloat16(-middle.nextUp).bitPattern == (bits + 1) | 0x8000)
    }
    #expect(BFloat16(.infinity).float == .infinity)
    #expect(BFloat16(Float.greatestFiniteMagnitude).float == .infinity)
    #expect(BFloat16(Float.nan).float.isNaN)
    #expect(BFloat16(Float(bitPattern: 0x7F80_0001)).float.isNaN)
  }

  /// A double that lies just above the middle of two 16-bit numbers, by less than single precision can say, is
  /// rounded up: one rounding, not two.
  @Test func doublesRoundOnce() {
    let half = 1 + 0x1p-11 + 0x1p-40
    #expect(Half(Float(half)).bitPattern == 0x3C00)
    #expect(Half(rounding: half).bitPattern == 0x3C01)
    #expect(Half(rounding: -half).bitPattern == 0xBC01)
    #expect(Half(rounding: 1 + 3 * 0x1p-11 - 0x1p-40).bitPattern == 0x3C01)
    let brain = 1 + 0x1p-8 + 0x1p-40
    #expect(BFloat16(rounding: brain).bitPattern == 0x3F81)
    #expect(BFloat16(rounding: 1e300).float == .infinity)
    #expect(BFloat16(rounding: 1e-300).bitPattern == 0)
  }
}
