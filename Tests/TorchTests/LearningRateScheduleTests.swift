import Foundation
import OrderedCollections
import Testing
import Torch

struct LearningRateScheduleTests {
  private struct Golden: Decodable {
    let base: Double
    let cases: [String: [Double]]
  }

  static let cases: OrderedDictionary<String, LearningRateSchedule> = [
    "cosine": .cosine(total: 30),
    "cosine-floor": .cosine(total: 30, floor: 0.01),
    "linear": .linear(start: 0.25, end: 0.75, total: 10),
    "warmup-cosine": .warmupCosine(warmup: 5, total: 30, start: 0.1, floor: 0.01),
    "warmup-linear": .warmupLinear(warmup: 5, total: 30, start: 0.1, floor: 0.01),
    "step": .step(every: 7, factor: 0.3),
    "milestones": .milestones([4, 20, 25], factor: 0.2),
  ]

  /// PyTorch's schedulers multiply their way from step to step: thirty roundings of 1e-16 each.
  @Test(arguments: cases.keys)
  func ratesAreThoseOfPyTorch(_ name: String) throws {
    let golden = try Fixture.decode(Golden.self, "schedules.json")
    let rates = try #require(golden.cases[name])
    let schedule = try #require(Self.cases[name])
    #expect(rates.count == 31)
    for (step, rate) in rates.enumerated() {
      #expect(abs(schedule.rate(at: step, base: golden.base) - rate) < 1e-14, "\(name), step \(step)")
    }
  }

  @Test func aCosineStaysAtItsFloor() {
    #expect(LearningRateSchedule.cosine(total: 10, floor: 0.5).rate(at: 25, base: 1) == 0.5)
    #expect(LearningRateSchedule.constant.rate(at: 25, base: 0.3) == 0.3)
  }

  @Test(arguments: cases.values + [.constant])
  func aScheduleSurvivesJSON(_ schedule: LearningRateSchedule) throws {
    let data = try JSONEncoder().encode(schedule)
    #expect(try JSONDecoder().decode(LearningRateSchedule.self, from: data) == schedule)
  }

  @Test func defaultsMayBeLeftOut() throws {
    let json = Data(#"{"kind": "warmup-cosine", "warmup": 2, "total": 9}"#.utf8)
    #expect(
      try JSONDecoder().decode(LearningRateSchedule.self, from: json)
        == .warmupCosine(warmup: 2, total: 9, start: 0, floor: 0))
  }

  @Test(arguments: [
    (#"{"kind": "cosin", "total": 9}"#, "'cosin' is no schedule"),
    (#"{"kind": "constant", "total": 9}"#, "a constant schedule has no 'total'"),
    (#"{"kind": "cosine", "total": 0}"#, "total is 0; it must be 1 or more"),
    (#"{"kind": "warmup-cosine", "warmup": 9, "total": 9}"#, "warmup is 9; it must be below total, 9"),
    (#"{"kind": "warmup-linear", "warmup": -1, "total": 9}"#, "warmup is -1; it must be 0 or more"),
    (#"{"kind": "cosine", "total": 9, "flor": 0.1}"#, "a cosine schedule has no 'flor'"),
    (#"{"kind": "cosine", "total": 9, "floor": -0.1}"#, "floor is -0.1; it must be 0 or more"),
    (#"{"kind": "cosine", "total": 9, "floor": "nan"}"#, "floor is nan; it must be 0 or more"),
    (#"{"kind": "step", "every": 9, "factor": "inf"}"#, "factor is inf; it must be 0 or more"),
    (#"{"kind": "linear", "start": -1, "total": 9}"#, "start is -1.0; it must be 0 or more"),
    (#"{"kind": "milestones", "milestones": [9, 3]}"#, "in rising order"),
  ])
  func anImpossibleScheduleIsRefused(_ json: String, _ text: String) throws {
    // JSON has no NaN; TOML, and decoders that are told to, have.
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let error = #expect(throws: DecodingError.self) {
      try decoder.decode(LearningRateSchedule.self, from: Data(json.utf8))
    }
    guard case .dataCorrupted(let context) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(context.debugDescription.contains(text))
  }
}
