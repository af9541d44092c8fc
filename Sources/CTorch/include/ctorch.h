#ifndef CTORCH_H
#define CTORCH_H
#ifdef __cplusplus
extern "C" {
#endif
const char *ct_version(void);
#ifdef __cplusplus
}
#endif
#endif
