"""For each function that a lab owns, a program that breaks without it.

By lab and file: the program, and the functions it is named for.
"""

LIVE_PATH: dict[str, dict[str, dict[str, str]]] = {
    "lab1": {
        "dltk/layout/strides.py": {
            "shapes_and_dtypes_are_juggled": "contiguous_strides",
        },
        "dltk/layout/views.py": {
            "shapes_and_dtypes_are_juggled": (
                "index_view transpose permute squeeze unsqueeze infer_size view_strides"
            ),
        },
        "dltk/layout/broadcast.py": {
            "shapes_and_dtypes_are_juggled": "broadcast_shapes expand_strides",
        },
        "dltk/layout/promotion.py": {
            "shapes_and_dtypes_are_juggled": "promote_types result_type",
        },
        "dltk/layout/writing.py": {
            "shapes_and_dtypes_are_juggled": "check_target resizes",
        },
    },
    "lab2": {
        "dltk/autograd/tangents.py": {
            "a_formula_is_traced_both_ways": "propagate lower propagate_levels",
        },
        "dltk/autograd/jvp_rules.py": {
            "a_run_is_traced_with_dual_numbers": (
                "add_x add_y sub_x sub_y mul_x mul_y div_x div_y log_x exp_x sin_x tanh_x sqrt_x "
                "pow_x pow_y relu_x abs_x maximum_x maximum_y sum_x mean_x matmul_x matmul_y "
                "transpose_x reshape_x index_x cat_x amax_x max_dim_x"
            ),
            "transforms_of_functions_are_nested": "neg_x cos_x",
        },
        "dltk/func/forward.py": {
            "a_network_linearized_is_a_kernel": "jvp basis jacobian",
        },
        "dltk/trace/forward.py": {
            "a_formula_is_traced_both_ways": "ForwardTrace.__init__ ForwardTrace.record",
        },
    },
    "lab3": {
        "dltk/autograd/modes.py": {
            "the_graph_is_inspected": (
                "should_record check_leaf_dtype GradMode.__enter__ GradMode.__exit__"
            ),
        },
        "dltk/autograd/vjp_rules.py": {
            "the_graph_is_inspected": (
                "add_x add_y sub_x sub_y mul_x div_x log_x exp_x relu_x unbroadcast sum_x mean_x "
                "matmul_x matmul_y transpose_x restore"
            ),
            "rules_meet_every_pointwise_operation": (
                "neg_x mul_y div_y sin_x cos_x tanh_x sqrt_x pow_x pow_y abs_x maximum_x maximum_y"
            ),
            "a_recurrent_cell_is_unrolled": "reshape_x index_x cat_x amax_x max_dim_x",
        },
        "dltk/autograd/engine.py": {
            "a_linear_recurrence_depends_on_its_length": "run count_users",
        },
        "dltk/autograd/leaves.py": {
            "the_graph_is_inspected": "seed accumulate check_used",
            "a_function_of_ones_own_is_checked": "check_alive",
        },
        "dltk/autograd/function.py": {
            "weights_are_rounded_straight_through": "unpack match_arguments Function.apply",
        },
        "dltk/autograd/gradcheck.py": {
            "a_function_of_ones_own_is_checked": "numerical_column agree",
        },
    },
    "lab4": {
        "dltk/nn/registration.py": {
            "a_state_fits_in_part": (
                "table_for set_attribute forget get_attribute delete_attribute walk_modules "
                "walk_tensors"
            ),
        },
        "dltk/nn/state.py": {
            "a_state_fits_in_part": "own_state collect problem_of write load",
        },
        "dltk/nn/linear.py": {
            "a_line_is_fitted_by_descent": (
                "linear Linear.__init__ Linear.reset_parameters Linear.forward Linear.extra_repr"
            ),
        },
        "dltk/nn/activation_functions.py": {
            "a_student_learns_from_a_teacher": "silu gelu softmax log_softmax",
            "two_nets_play_against_each_other": "leaky_relu softplus",
            "an_average_of_the_weights_follows_them": "elu",
        },
        "dltk/nn/loss_functions.py": {
            "losses_ignore_smooth_and_weigh": "reduce nll_loss cross_entropy",
            "a_stream_is_read_in_turns": "mse_loss",
            "rare_labels_get_a_positive_weight": "binary_cross_entropy_with_logits",
        },
        "dltk/nn/mylayer.py": {
            "a_layer_no_library_has_is_trained": (
                "MyLayer.__init__ MyLayer.forward MyLayer.extra_repr"
            ),
        },
    },
    "lab5": {
        "dltk/optim/groups.py": {
            "a_stream_is_read_in_turns": (
                "check_learning_rate as_groups complete check_disjoint zero_grad"
            ),
        },
        "dltk/optim/sgd.py": {
            "closures_are_evaluated_by_the_step": (
                "with_gradients effective_gradient descend momentum_direction"
            ),
        },
        "dltk/optim/rmsprop.py": {
            "closures_are_evaluated_by_the_step": "root_mean_square rmsprop",
        },
        "dltk/optim/adam.py": {
            "groups_have_their_own_rates": "decay update_moments adam",
        },
        "dltk/optim/schedules.py": {
            "every_schedule_changes_two_groups": (
                "step_rates multistep_rates cosine_rates lambda_rates"
            ),
        },
        "dltk/optim/checkpoint.py": {
            "a_warm_up_and_a_cosine_survive_a_restart": (
                "numbered state_dict loaded_groups loaded_state"
            ),
        },
        "dltk/nn/clipping.py": {
            "gradients_are_clipped": "total_norm scale_down limit",
        },
    },
    "lab6": {
        "dltk/nn/windows.py": {
            "windows_are_taken_and_put_back": "window_count windows",
        },
        "dltk/nn/convolution.py": {
            "windows_are_taken_and_put_back": "columns_of conv2d fold",
        },
        "dltk/nn/pooling.py": {
            "windows_are_taken_and_put_back": "max_pool2d window_sizes avg_pool2d",
        },
        "dltk/nn/normalization.py": {
            "a_head_is_replaced_on_a_frozen_body": "batch_norm",
            "a_series_is_convolved_without_looking_ahead": "standardize",
        },
        "dltk/nn/dropout.py": {
            "dropping_keeps_the_expectation": "dropout",
        },
        "dltk/nn/modes.py": {
            "a_head_is_replaced_on_a_frozen_body": "set_mode freeze replace_head",
        },
    },
    "lab8": {
        "dltk/utils/data/sources.py": {
            "data_is_split_joined_and_subset": (
                "ConcatDataset.__init__ ConcatDataset.__len__ ConcatDataset.__getitem__ "
                "Subset.__init__ Subset.__getitem__ Subset.__len__"
            ),
            "samplers_decide_the_order": (
                "TensorDataset.__init__ TensorDataset.__getitem__ TensorDataset.__len__"
            ),
        },
        "dltk/utils/data/samplers.py": {
            "samplers_decide_the_order": (
                "SequentialSampler.__init__ SequentialSampler.__iter__ SequentialSampler.__len__ "
                "RandomSampler.__init__ RandomSampler.num_samples RandomSampler.__iter__ "
                "BatchSampler.__init__ BatchSampler.__iter__ BatchSampler.__len__"
            ),
            "an_epoch_is_loaded_by_workers": "RandomSampler.__len__",
        },
        "dltk/utils/data/batches.py": {
            "data_is_split_joined_and_subset": (
                "collate collate_leaves choose_sampler fetch Batches.__iter__"
            ),
            "samplers_decide_the_order": "Batches.__len__",
        },
        "dltk/transforms.py": {
            "pictures_are_learned_by_the_training_loop": (
                "Compose.__init__ Compose.__call__ ToTensor.__call__ Normalize.__init__ "
                "Normalize.__call__"
            ),
        },
        "dltk/serialization.py": {
            "trees_of_tensors_go_through_memory": "number_of walk save destination place load",
        },
        "dltk/training.py": {
            "pictures_are_learned_by_the_training_loop": "evaluate train_epoch snapshot fit",
        },
    },
}
