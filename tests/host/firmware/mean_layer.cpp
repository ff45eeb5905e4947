// Lines of "axes mask, rank, shape, input scale, output scale": MEAN's call for each.
#include "mean_layer.h"

#include <stdio.h>

using namespace tinygesture;

int main() {
  unsigned mask;
  int rank;
  while (scanf("%u %d", &mask, &rank) == 2) {
    int shape[6];
    int32_t axes[6];
    int count = 0;
    for (int axis = 0; axis < rank; ++axis) {
      if (scanf("%d", &shape[axis]) != 1) return 1;
      if ((mask >> axis) & 1) axes[count++] = axis % 2 ? axis : axis - rank;
    }
    float input, output;
    if (scanf("%a %a", &input, &output) != 2) return 1;
    kernels::Mean m;
    if (mean_layer(shape, rank, axes, count, {input, -3}, {output, 5}, &m))
      printf("%d %d %d %d %d %d %d\n", m.outer, m.reduced, m.inner, m.input_zero_point,
             m.factor.multiplier, m.factor.shift, m.output.zero_point);
    else
      printf("refused\n");
  }
}
