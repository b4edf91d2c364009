/*
 * What the files of imaging share; nobody else's business.
 *
 *     image.c        the order of things, and the result     image_out.c    the copies
 *     image_pass.c   the passes over the source              image_state.c  map and pieces on disk
 */
#ifndef IR_EVIDENCE_IMAGE_INT_H
#define IR_EVIDENCE_IMAGE_INT_H

#include "evidence/exhibit_int.h"
#include "evidence/image.h"
#include "evidence/merkle.h"
#include "evidence/rescue.h"

#ifdef IR_TINY
#define IR_IMAGE_PIECE ((uint64_t)1 << 20)
#else
#define IR_IMAGE_PIECE ((uint64_t)64 << 20)
#endif
#define IR_IMAGE_ALIGN 4096u /* what reading past the page cache asks of memory */

struct ir_image_out {
    int dir, raw;  /* data/image and the file in it */
    uint64_t high; /* nothing but a hole from here on */
    char raw_name[256];
    const char *where; /* for people */
};

struct ir_image_work {
    struct ir_exhibit *x;
    const struct ir_image_job *job;
    struct ir_image_result *r;
    struct ir_rescue map;
    struct ir_image_out out[2];
    unsigned nout;
    char map_name[256], pieces_name[256];
    struct ir_pump *pump;
    bool whole; /* the pump has had all up to where the first pass is */
    /* Pieces: known once all of one was read without an error. */
    unsigned char (*piece)[IR_HASH_BYTES];
    bool *known;
    uint64_t npieces;
    int pieces_fd; /* grows by a line for each that becomes known */
    struct ir_digest digest;
    char *sector; /* a sector of the source, aligned; and a chunk for reading copies */
    char *chunk;
    int64_t saved, told; /* monotonic ns of the last saving, and of telling progress */
    char status;         /* of the map: what is done now */
    unsigned pass;
    struct ir_err *err;
};

/* image_out.c; all: IR_OK, or IR_FATAL with the name of the copy. */
int ir_image_out_open(struct ir_image_work *w, struct ir_image_out *o, int bag_fd);
int ir_image_out_write(struct ir_image_work *w, const char *buf, size_t n, uint64_t at);
/* [at, at + n) reads as zeros in all copies; holes where they can be. */
int ir_image_out_zeros(struct ir_image_work *w, uint64_t n, uint64_t at);
/* All of [at, at + n) of one copy; zeros behind its end. */
int ir_image_out_read(struct ir_image_work *w, const struct ir_image_out *o, char *buf, size_t n,
                      uint64_t at);
/* Their size, and all of it on the medium. */
int ir_image_out_finish(struct ir_image_work *w);
void ir_image_out_close(struct ir_image_out *o);

/* image_state.c */
/* The map as it was left, corrected by what of the copies has the digests of its pieces. */
int ir_image_load(struct ir_image_work *w);
/* Begins the list of pieces anew, with those that are known. */
int ir_image_pieces_begin(struct ir_image_work *w);
int ir_image_piece_done(struct ir_image_work *w, uint64_t i);
int ir_image_save(struct ir_image_work *w, uint64_t at);
/* Now and then. */
int ir_image_save_late(struct ir_image_work *w, uint64_t at);
uint64_t ir_image_piece_size(const struct ir_image_work *w, uint64_t i);
/* The digest of the whole from the first copy, and of each piece; known pieces must be equal. */
int ir_image_reread(struct ir_image_work *w);

/* image_pass.c */
int ir_image_copy(struct ir_image_work *w);
int ir_image_trim(struct ir_image_work *w);
int ir_image_scrape(struct ir_image_work *w);
int ir_image_retry(struct ir_image_work *w);

/* image.c */
int64_t ir_image_clock(void);                            /* monotonic ns */
uint64_t ir_image_failed(const struct ir_image_work *w); /* bytes that are in error now */
/* To job->progress, at most some times a second. */
void ir_image_tell(struct ir_image_work *w);

#endif
