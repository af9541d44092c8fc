import IDInit
import Foundation
func time(_ label: String, _ body: () throws -> Void) rethrows {
  let t = ContinuousClock.now
  try body()
  let d = ContinuousClock.now - t
  print(label, Double(d.components.seconds) * 1e3 + Double(d.components.attoseconds) / 1e15, "ms")
}
func check(_ r: Int, _ c: Int, _ a: OrthogonalRule.Arithmetic) throws {
  let g = WeightGeometry.linear(out: r, in: c)
  let rule = Rule.orthogonal(OrthogonalRule(gain: 1, arithmetic: a))
  var w = [Float](repeating: 0, count: r * c)
  for _ in 0..<2 {
    try time("\(a) \(r)x\(c)") { try w.withUnsafeMutableBufferPointer { try rule.fill($0, geometry: g, seed: 1, name: "w", threads: 2) } }
  }
  let n = min(r, c), m = max(r, c)
  var worst = 0.0
  for i in 0..<min(n, 40) { for j in 0..<min(n, 40) {
    var s = 0.0
    for k in 0..<m { let a = r > c ? w[k * c + i] : w[i * c + k], b = r > c ? w[k * c + j] : w[j * c + k]; s += Double(a) * Double(b) }
    worst = max(worst, abs(s - (i == j ? 1 : 0)))
  } }
  print("  error", worst, w[0], w[1])
}
for s in [(768, 768), (3072, 768), (768, 3072), (30522, 768), (5, 5), (7, 3), (3, 7)] { for a in OrthogonalRule.Arithmetic.allCases { try check(s.0, s.1, a) } }
let n = 30522 * 768
let buf = UnsafeMutableBufferPointer<Float>.allocate(capacity: n)
buf.initialize(repeating: 0)
let g = WeightGeometry.linear(out: 30522, in: 768)
for name in Rule.Name.allCases where name != .orthogonal {
  var o = RuleOptions(); if name == .constant { o.value = 1 }
  let rule = try Rule(name, o)
  for _ in 0..<3 { try time(name.rawValue) { try rule.fill(buf, geometry: g, seed: 1, name: "w", threads: 2) } }
}
for _ in 0..<3 { time("memset1") { memset(buf.baseAddress!, 0, n * 4) } }
