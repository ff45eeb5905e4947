/* A QEMU plugin that counts what each part of a program executes on the emulated processor.

   parts=FILE  lines "begin end part": the instructions at begin <= address < end belong to a part.
               An instruction in no range, such as one of a kernel, belongs to the part that was
               executed last. Part 0 is the caller, which is not counted, nor what it calls
               other than part 1.
   out=FILE    a line "instructions loads stores" for each part from 1 up, each time part 0 goes on.

   Loads and stores are words transferred: LDM of four registers is four loads, LDRB is one.
   The functions of QEMU that it uses are declared here, for distributions ship no header; they are
   the same in every version of the interface from 1 (QEMU 6) to 6 (QEMU 10.2). */
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef uint64_t Id;
typedef struct Block Block;              /* a piece of program that QEMU translates at once */
typedef struct Instruction Instruction;
typedef uint32_t Access;                 /* what a memory access is */
enum { NO_REGISTERS = 0, READ_AND_WRITE = 3 };

void qemu_plugin_register_vcpu_tb_trans_cb(Id, void (*)(Id, Block *));
size_t qemu_plugin_tb_n_insns(const Block *);
Instruction *qemu_plugin_tb_get_insn(const Block *, size_t);
uint64_t qemu_plugin_insn_vaddr(const Instruction *);
void qemu_plugin_register_vcpu_insn_exec_cb(Instruction *, void (*)(unsigned, void *), int, void *);
void qemu_plugin_register_vcpu_mem_cb(Instruction *, void (*)(unsigned, Access, uint64_t, void *),
                                      int, int, void *);
bool qemu_plugin_mem_is_store(Access);
unsigned qemu_plugin_mem_size_shift(Access);

#define EXPORT __attribute__((visibility("default")))
EXPORT int qemu_plugin_version = PLUGIN_VERSION;

enum { FLASH_BYTES = 983040, MAX_PARTS = 4096, SAME_AS_BEFORE = -1, CALLER, ENTRY };

static struct {
  uint64_t instructions, loads, stores;
} counts[MAX_PARTS];
static int16_t part_at[FLASH_BYTES / 2]; /* of each halfword */
static int part_count = 1;
static int part = CALLER;
static FILE *out;

static void write_counts(void) {
  for (int i = 1; i < part_count; ++i) {
    fprintf(out, "%" PRIu64 " %" PRIu64 " %" PRIu64 "\n", counts[i].instructions, counts[i].loads,
            counts[i].stores);
  }
  fflush(out);
  memset(counts, 0, sizeof(counts));
}

static void execute(unsigned cpu, void *data) {
  const int here = (int)(intptr_t)data;
  (void)cpu;
  if (here == CALLER) {
    if (part != CALLER) write_counts();
    part = CALLER;
  } else if (here == ENTRY || (here != SAME_AS_BEFORE && part != CALLER)) {
    part = here;
  }
  ++counts[part].instructions;
}

static void transfer(unsigned cpu, Access access, uint64_t address, void *data) {
  const unsigned shift = qemu_plugin_mem_size_shift(access);
  const uint64_t words = shift > 2 ? 1u << (shift - 2) : 1;
  (void)cpu, (void)address, (void)data;
  if (qemu_plugin_mem_is_store(access)) {
    counts[part].stores += words;
  } else {
    counts[part].loads += words;
  }
}

static void translate(Id id, Block *block) {
  (void)id;
  for (size_t i = 0; i < qemu_plugin_tb_n_insns(block); ++i) {
    Instruction *instruction = qemu_plugin_tb_get_insn(block, i);
    const uint64_t address = qemu_plugin_insn_vaddr(instruction);
    const int here = address < FLASH_BYTES ? part_at[address / 2] : SAME_AS_BEFORE;
    qemu_plugin_register_vcpu_insn_exec_cb(instruction, execute, NO_REGISTERS,
                                           (void *)(intptr_t)here);
    qemu_plugin_register_vcpu_mem_cb(instruction, transfer, NO_REGISTERS, READ_AND_WRITE, NULL);
  }
}

static bool read_parts(const char *path) {
  unsigned begin, end;
  int number;
  FILE *file = fopen(path, "r");
  if (!file) return false;
  for (size_t i = 0; i < FLASH_BYTES / 2; ++i) part_at[i] = SAME_AS_BEFORE;
  while (fscanf(file, "%u %u %d", &begin, &end, &number) == 3) {
    if (end > FLASH_BYTES || number < 0 || number >= MAX_PARTS) return false;
    for (unsigned address = begin; address < end; address += 2) part_at[address / 2] = number;
    if (number >= part_count) part_count = number + 1;
  }
  fclose(file);
  return true;
}

EXPORT int qemu_plugin_install(Id id, const void *info, int count, char **arguments) {
  bool read = false;
  (void)info;
  for (int i = 0; i < count; ++i) {
    if (strncmp(arguments[i], "parts=", 6) == 0) read = read_parts(arguments[i] + 6);
    if (strncmp(arguments[i], "out=", 4) == 0) out = fopen(arguments[i] + 4, "w");
  }
  if (!read || !out) return 1;
  qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
  return 0;
}
