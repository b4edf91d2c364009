/*
 * Functions that nobody in this tree may call: each has cost somebody a stack, a quoting bug or a
 * data race. The build force-includes this file into every source (-include), so a call is a
 * compile error. The headers that declare them are read first, and therefore stay as they are. Not
 * for use by hand.
 */
#ifndef IR_BASE_BANNED_H
#define IR_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The name of an undeclared function says in the compiler's message what to use instead. */
#undef strcpy
#undef strcat
#undef strncpy
#undef strncat
#undef sprintf
#undef vsprintf
#undef strtok
#undef strtok_r
#undef atoi
#undef atol
#undef atoll
#undef gets
#undef localtime
#undef gmtime
#undef asctime
#undef ctime
#undef system
#undef popen
#undef strerror
#define strcpy(...)    (ir_banned_strcpy_use_ir_buf_or_memcpy)
#define strcat(...)    (ir_banned_strcat_use_ir_buf)
#define strncpy(...)   (ir_banned_strncpy_use_ir_buf_or_memcpy)
#define strncat(...)   (ir_banned_strncat_use_ir_buf)
#define sprintf(...)   (ir_banned_sprintf_use_snprintf_or_ir_buf_fmt)
#define vsprintf(...)  (ir_banned_vsprintf_use_vsnprintf)
#define strtok(...)    (ir_banned_strtok_use_ir_str_cut)
#define strtok_r(...)  (ir_banned_strtok_r_use_ir_str_cut)
#define atoi(...)      (ir_banned_atoi_use_ir_str_i64)
#define atol(...)      (ir_banned_atol_use_ir_str_i64)
#define atoll(...)     (ir_banned_atoll_use_ir_str_i64)
#define gets(...)      (ir_banned_gets)
#define localtime(...) (ir_banned_localtime_use_ir_time_to_civil)
#define gmtime(...)    (ir_banned_gmtime_use_ir_time_to_civil)
#define asctime(...)   (ir_banned_asctime_use_ir_time_text)
#define ctime(...)     (ir_banned_ctime_use_ir_time_text)
#define system(...)    (ir_banned_system_no_shell)
#define popen(...)     (ir_banned_popen_no_shell)
#define strerror(...)  (ir_banned_strerror_use_ir_errno_text)

#endif
