/* Reset, vectors, faults and exit of the emulated board. Faults and the C library's output go to
   semihosting, which QEMU shows on standard error; main's result becomes QEMU's exit status. */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

extern uint32_t __etext, __data_start__, __data_end__, __bss_start__, __bss_end__;
extern uint32_t __stack_limit, __stack_top, __ram_end;
extern void __libc_init_array(void);
int main(void);

int semihosting(int operation, const void *argument) {
  register int r0 __asm("r0") = operation;
  register const void *r1 __asm("r1") = argument;
  __asm volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

static void write0(const char *text) { semihosting(0x04, text); }

__attribute__((noreturn)) void _exit(int status) {
  const uint32_t block[2] = {0x20026 /* ADP_Stopped_ApplicationExit */, (uint32_t)status};
  semihosting(0x20 /* SYS_EXIT_EXTENDED */, block);
  for (;;) __asm volatile("wfi");
}

static void write_hex(uint32_t value) {
  char text[10];
  for (int i = 0; i < 8; ++i) text[i] = "0123456789abcdef"[(value >> (28 - 4 * i)) & 15];
  text[8] = ' ';
  text[9] = 0;
  write0(text);
}

__attribute__((used)) static void report_fault(const uint32_t *frame, uint32_t number) {
  write0("\nfault (exception, pc, lr, CFSR): ");
  write_hex(number);
  write_hex(frame[6]);
  write_hex(frame[5]);
  write_hex(*(volatile uint32_t *)0xE000ED28);
  write0("\n");
  _exit(99);
}

__attribute__((naked)) void Fault_Handler(void) {
  __asm volatile("mov r0, sp\n mrs r1, ipsr\n b report_fault");
}

void Tick_Handler(void) {}
__attribute__((weak, alias("Tick_Handler"))) void SysTick_Handler(void);
__attribute__((weak, alias("Fault_Handler"))) void UART0_RX_Handler(void);
__attribute__((weak, alias("Fault_Handler"))) void UART1_RX_Handler(void);

#define STACK_PAINT 0xDEADBEEFu

/* The FPU on, the stack painted, then C. */
__attribute__((naked, noreturn)) void Reset_Handler(void) {
  __asm volatile(
      "ldr r0, =0xE000ED88\n ldr r1, [r0]\n orr r1, r1, #(0xF << 20)\n str r1, [r0]\n"
      "dsb\n isb\n"
      "ldr r0, =__stack_limit\n ldr r1, =__stack_top\n ldr r2, =0xDEADBEEF\n"
      "1: cmp r0, r1\n it lt\n strlt r2, [r0], #4\n blt 1b\n"
      "b start_c\n");
}

__attribute__((noreturn, used)) static void start_c(void) {
  const uint32_t *from = &__etext;
  for (uint32_t *to = &__data_start__; to < &__data_end__;) *to++ = *from++;
  for (uint32_t *to = &__bss_start__; to < &__bss_end__;) *to++ = 0;
  __libc_init_array();
  _exit(main());
}

uint32_t stack_high_water(void) {
  const uint32_t *word = &__stack_limit;
  while (word < &__stack_top && *word == STACK_PAINT) ++word;
  return (uint32_t)((const char *)&__stack_top - (const char *)word);
}

uint32_t free_ram(void) {
  return (uint32_t)((const char *)&__ram_end - (const char *)&__stack_limit) - stack_high_water();
}

__attribute__((section(".isr_vector"), used)) void (*const vectors[16 + 32])(void) = {
    (void (*)(void))&__stack_top,
    Reset_Handler,
    Fault_Handler, Fault_Handler, Fault_Handler, Fault_Handler, Fault_Handler,
    0, 0, 0, 0,
    Fault_Handler, Fault_Handler, 0, Fault_Handler,
    SysTick_Handler,
    UART0_RX_Handler, 0, UART1_RX_Handler,
};

/* What the C library asks of a system. There is no heap: an allocation fails. */
void _init(void) {}
void _fini(void) {}
void *__dso_handle;
int _write(int file, const char *data, int size) {
  (void)file;
  for (int i = 0; i < size; ++i) {
    const char text[2] = {data[i], 0};
    write0(text);
  }
  return size;
}
int _read(int file, char *data, int size) { (void)file, (void)data, (void)size; return 0; }
int _close(int file) { (void)file; return -1; }
int _lseek(int file, int offset, int from) { (void)file, (void)offset, (void)from; return 0; }
int _fstat(int file, struct stat *status) { (void)file; status->st_mode = S_IFCHR; return 0; }
int _isatty(int file) { (void)file; return 1; }
int _getpid(void) { return 1; }
int _kill(int process, int signal) { (void)process, (void)signal; errno = EINVAL; return -1; }
void *_sbrk(ptrdiff_t size) { (void)size; errno = ENOMEM; return (void *)-1; }
