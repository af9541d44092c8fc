import CTorch
import Testing

/// `Profile` in the module Torch never does these.
@Suite(.serialized)
struct ProfileTests {
  @Test func anEndWithoutABeginningIsRefused() {
    #expect(ct_profile_end() == CT_ERROR_ARGUMENT)
    #expect(String(cString: ct_last_error()) == "no profile is open")
  }

  @Test func aVisitorIsNeeded() {
    #expect(ct_profile_visit(nil, nil) == CT_ERROR_ARGUMENT)
  }
}
