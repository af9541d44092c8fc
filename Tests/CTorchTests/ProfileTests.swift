import CTorch
import Testing

/// What `Profile` in the module Torch never does; an end without a beginning is in its tests, since pairs are the
/// process's.
@Suite struct ProfileInterfaceTests {
  @Test func aVisitorIsNeeded() {
    #expect(ct_profile_visit(nil, nil) == CT_ERROR_ARGUMENT)
  }
}
