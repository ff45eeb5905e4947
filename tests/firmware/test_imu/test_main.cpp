// The drivers of both revisions against chips that follow their data sheets.
#include <math.h>
#include <new>

#include "../check.h"
#include "bmi270.h"
#include "fake_chips.h"
#include "lsm9ds1.h"
#include "polled_imu.h"

using namespace tinygesture;

namespace {

fake::World world;
fake::FakeLsm9ds1 lsm9ds1(world);
fake::FakeBmi270 bmi270(world);
fake::Bus bus(world);
bool library_works = true;

// What the boards' libraries do before the drivers take over.
bool set_up_lsm9ds1() {
  if (bus.soldered != &lsm9ds1 || world.broken || !library_works) return false;
  lsm9ds1.reset();
  lsm9ds1.reg[0x10] = 0x78;
  lsm9ds1.reg[0x20] = 0x70;
  return true;
}

bool set_up_bmi270() {
  if (bus.soldered != &bmi270 || world.broken || !library_works) return false;
  bmi270.load_program();
  return true;
}

Lsm9ds1 rev1(bus, set_up_lsm9ds1);
Bmi270 rev2(bus, set_up_bmi270);
alignas(PolledImu) uint8_t storage[sizeof(PolledImu)];
PolledImu& imu() { return *reinterpret_cast<PolledImu*>(storage); }

fake::Motion rest(double) { return {{0, 0, 1}, {0, 0, 0}}; }

fake::Motion steady(double) { return {{0.5, -0.25, 1}, {1000, -500, 250}}; }

fake::Motion violent(double) { return {{9, -9, 1}, {3000, -3000, 0}}; }

// A swing about every axis, different for each.
fake::Motion swing(double t) {
  fake::Motion motion;
  for (int axis = 0; axis < 3; ++axis) {
    motion.accel[axis] = 0.8 * sin(2 * M_PI * (1.1 + 0.4 * axis) * t);
    motion.gyro[axis] = 400 * sin(2 * M_PI * (1.3 + 0.5 * axis) * t + 1);
  }
  motion.accel[2] += 1;
  return motion;
}

// Both sensors tell the time, so that a pair of two instants shows.
fake::Motion ticking(double t) { return {{t, 0, 1}, {250 * t, 0, 0}}; }

void power_up(fake::FakeChip* soldered, fake::Play play) {
  world = fake::World();
  world.play = play;
  library_works = true;
  lsm9ds1.reset();
  bmi270.reset();
  lsm9ds1.stuck = bmi270.stuck = false;
  bus.soldered = soldered;
  new (storage) PolledImu(rev1, rev2);
  imu().begin();
}

void run(double seconds, double every_us = 1000) {
  const double end_us = world.now_us + 1e6 * seconds;
  while (world.now_us < end_us) {
    imu().poll(uint32_t(world.now_us));
    world.now_us += every_us;
  }
}

int drain(Sample* last = nullptr) {
  int count = 0;
  Sample sample;
  uint32_t index;
  while (imu().pop(&sample, &index)) {
    ++count;
    if (last) *last = sample;
  }
  return count;
}

bool near(double value, double expected, double tolerance) {
  return fabs(value - expected) <= tolerance;
}

void each_revision_is_recognised_and_configured() {
  power_up(&lsm9ds1, rest);
  CHECK(imu().trouble() == nullptr);
  CHECK(strcmp(imu().name(), "LSM9DS1") == 0);
  CHECK(lsm9ds1.reg[0x10] == 0x98 && lsm9ds1.reg[0x20] == 0x90 && lsm9ds1.reg[0x22] == 0x44);
  power_up(&bmi270, rest);
  CHECK(imu().trouble() == nullptr);
  CHECK(strcmp(imu().name(), "BMI270") == 0);
  CHECK(bmi270.reg[0x40] == 0xA9 && bmi270.reg[0x41] == 0x01 && bmi270.reg[0x42] == 0xA9);
  CHECK(bmi270.reg[0x43] == 0x00 && bmi270.reg[0x7C] == 0x00 && bmi270.reg[0x7D] == 0x06);
}

void both_give_the_contracts_units_and_axes() {
  const double expected[] = {0.5 * 8192, -0.25 * 8192, 8192, 16384, -8192, 4096};
  fake::FakeChip* const chips[] = {&lsm9ds1, &bmi270};
  for (fake::FakeChip* chip : chips) {
    power_up(chip, steady);
    run(0.1);
    Sample sample;
    CHECK(drain(&sample) > 0);
    for (int i = 0; i < kChannels; ++i) CHECK(near(sample.counts[i], expected[i], 4));  // noise
  }
}

void beyond_the_range_is_the_ranges_end() {
  fake::FakeChip* const chips[] = {&lsm9ds1, &bmi270};
  for (fake::FakeChip* chip : chips) {
    power_up(chip, violent);
    run(0.1);
    Sample sample;
    CHECK(drain(&sample) > 0);
    CHECK(sample.counts[0] == 32767 && sample.counts[1] <= -32767);
    CHECK(sample.counts[3] == 32767 && sample.counts[4] <= -32767);
  }
}

void every_sample_comes_once() {
  power_up(&lsm9ds1, rest);
  run(1);
  CHECK(near(drain(), 238, 2));
  power_up(&bmi270, rest);
  run(1);
  CHECK(near(drain(), 200, 2));
}

// Canonical samples of two seconds.
int canonical(fake::FakeChip* chip, Sample* out, int capacity) {
  power_up(chip, swing);
  Resampler resampler;
  int count = 0;
  while (world.now_us < 2e6) {
    run(0.05);
    Sample sample;
    uint32_t index;
    while (imu().pop(&sample, &index)) {
      resampler.push(sample);
      while (count < capacity && resampler.next(&out[count])) ++count;
    }
  }
  return count;
}

void the_same_motion_gives_the_same_stream_on_both() {
  static Sample one[200], other[200];
  const int count = canonical(&lsm9ds1, one, 200);
  CHECK(count > 150);
  CHECK(near(canonical(&bmi270, other, 200), count, 2));
  double accel = 0, gyro = 0;
  for (int i = 0; i < count - 2; ++i) {
    // Each grid has its own beginning: what the motion was then, not what the other board said.
    const Sample* const streams[] = {one, other};
    for (const Sample* stream : streams) {
      const fake::Motion truth = swing(stream[i].t_us * 1e-6);
      for (int axis = 0; axis < 3; ++axis) {
        accel = fmax(accel, fabs(stream[i].counts[axis] / 8192.0 - truth.accel[axis]));
        gyro = fmax(gyro, fabs(stream[i].counts[3 + axis] / 16.384 - truth.gyro[axis]));
      }
    }
  }
  // A poll comes up to 1.5 ms late; the motion changes by 9.6 g/s and 5800 deg/s² at most.
  CHECK(accel < 0.016);
  CHECK(gyro < 9);
}

void a_pair_is_of_one_instant() {
  const double polls_us[] = {150, 333, 700, 1100};
  for (double poll_us : polls_us) {
    power_up(&lsm9ds1, ticking);
    world.transfer_us_per_byte = 60;  // slow enough that new data often comes between the two
    double until = 1e6;
    while (world.now_us < until) {
      imu().poll(uint32_t(world.now_us));
      world.now_us += poll_us;
      Sample sample;
      uint32_t index;
      while (imu().pop(&sample, &index)) {
        const double by_accel = sample.counts[0] / 8192.0;
        const double by_gyro = sample.counts[3] / 16.384 / 250;
        CHECK(near(by_accel, by_gyro, 0.0015));  // a period is 0.0042 s
      }
    }
  }
}

// A chip whose data stays, and one that gives zeros from the beginning.
void a_repeated_sample_is_none() {
  const char* const repeats = "the IMU gives the same sample again and again";
  fake::FakeChip* const chips[] = {&lsm9ds1, &bmi270};
  for (fake::FakeChip* chip : chips) {
    power_up(chip, rest);
    run(0.3);
    CHECK(drain() > 50);
    world.frozen = true;
    run(0.05);
    CHECK(drain() == 0 && imu().trouble() == nullptr);
    run(0.1);
    CHECK(strcmp(imu().trouble(), repeats) == 0);
    for (int i = 0; i < 25; ++i) {  // it stays told while the board tries again
      run(0.1);
      CHECK(imu().trouble() != nullptr && drain() == 0);
    }
    world.frozen = false;
    run(1.5);
    CHECK(imu().trouble() == nullptr && drain() > 50);
    power_up(chip, rest);
    world.frozen = true;
    lsm9ds1.reset();
    bmi270.reset();
    imu().begin();
    run(0.3);
    CHECK(strcmp(imu().trouble(), repeats) == 0 && drain() == 0);
  }
}

void a_missing_imu_is_told() {
  power_up(nullptr, rest);
  CHECK(strcmp(imu().trouble(), "no IMU answers, neither LSM9DS1 nor BMI270") == 0);
  CHECK(strcmp(imu().name(), "none") == 0 && imu().odr_millihertz() == 0);
  run(0.5);
  CHECK(drain() == 0);
  bus.soldered = &bmi270;  // its contact was loose
  run(1);
  CHECK(imu().trouble() == nullptr && strcmp(imu().name(), "BMI270") == 0);
  CHECK(drain() > 50);
}

void a_configuration_that_is_not_taken_is_told() {
  lsm9ds1.stuck = false;
  power_up(&lsm9ds1, rest);
  library_works = false;
  imu().begin();
  CHECK(strcmp(imu().trouble(), "the IMU did not take its configuration") == 0);
  power_up(&bmi270, rest);
  bmi270.reset();
  bmi270.stuck = true;
  imu().begin();
  CHECK(strcmp(imu().trouble(), "the IMU did not take its configuration") == 0);
}

void a_bus_that_fails_is_told_and_comes_back() {
  fake::FakeChip* const chips[] = {&lsm9ds1, &bmi270};
  for (fake::FakeChip* chip : chips) {
    power_up(chip, rest);
    run(0.3);
    CHECK(drain() > 50);
    world.broken = true;
    run(0.3);
    CHECK(strcmp(imu().trouble(), "the IMU does not answer any more") == 0);
    drain();
    run(1.5);
    CHECK(drain() == 0 && strcmp(imu().name(), "none") != 0);
    world.broken = false;
    run(1.5);
    CHECK(imu().trouble() == nullptr);
    CHECK(drain() > 50);
  }
}

void a_chip_that_lost_its_power_is_configured_again() {
  power_up(&lsm9ds1, rest);
  run(0.2);
  lsm9ds1.reset();
  run(0.3);
  CHECK(strcmp(imu().trouble(), "the IMU gives no samples any more") == 0);
  drain();
  run(1.5);
  CHECK(imu().trouble() == nullptr);
  CHECK(lsm9ds1.reg[0x10] == 0x98);
  CHECK(drain() > 50);
}

}  // namespace

int main() {
  RUN(each_revision_is_recognised_and_configured);
  RUN(both_give_the_contracts_units_and_axes);
  RUN(beyond_the_range_is_the_ranges_end);
  RUN(every_sample_comes_once);
  RUN(the_same_motion_gives_the_same_stream_on_both);
  RUN(a_pair_is_of_one_instant);
  RUN(a_repeated_sample_is_none);
  RUN(a_missing_imu_is_told);
  RUN(a_configuration_that_is_not_taken_is_told);
  RUN(a_bus_that_fails_is_told_and_comes_back);
  RUN(a_chip_that_lost_its_power_is_configured_again);
  return check::finish();
}
